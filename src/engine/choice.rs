//! The macros that define a choice: one place in the standard at which engines differ.

/// Defines an enum for a place in the standard at which engines differ. The first variant does what
/// the standard says and is the default; each other variant is a departure of the catalogue. The
/// variants exclude each other, since an engine does only one thing at that place.
///
/// Methods of the enum say what each variant does. The algorithm calls them at its step.
macro_rules! choice {
    (
        $(#[$meta:meta])*
        $name:ident { $standard:ident, $($variant:ident = $departure:ident),+ $(,)? }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
        pub(crate) enum $name {
            #[default]
            $standard,
            $($variant),+
        }

        impl $name {
            /// What the standard does.
            pub(crate) const STANDARD: Self = Self::$standard;

            /// The variant for `departure`; `None` if that belongs to another choice.
            pub(crate) const fn from_departure(
                departure: $crate::engine::Departure,
            ) -> Option<Self> {
                $(
                    if departure.is($crate::engine::Departure::$departure) {
                        return Some(Self::$variant);
                    }
                )+
                None
            }

            /// The departure that this variant stands for; `None` for the standard's variant.
            pub(crate) const fn departure(self) -> Option<$crate::engine::Departure> {
                match self {
                    Self::$standard => None,
                    $(Self::$variant => Some($crate::engine::Departure::$departure)),+
                }
            }
        }
    };
}

/// Defines a number that the standard leaves to the user agent. It is like a [`choice`] that lists
/// the values of engines, but it can also hold any other value.
macro_rules! limit {
    (
        $(#[$meta:meta])*
        $name:ident($type:ty) = $standard:expr; $($value:literal = $departure:ident),+ $(,)?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub(crate) struct $name(pub(crate) $type);

        impl $name {
            /// The value for the standard's profile.
            pub(crate) const STANDARD: Self = Self($standard);

            /// The limit for `departure`; `None` if that belongs to another choice.
            pub(crate) const fn from_departure(
                departure: $crate::engine::Departure,
            ) -> Option<Self> {
                $(
                    if departure.is($crate::engine::Departure::$departure) {
                        return Some(Self($value));
                    }
                )+
                None
            }

            /// The departure that this number stands for; `None` for a number that no engine has.
            pub(crate) const fn departure(self) -> Option<$crate::engine::Departure> {
                match self.0 {
                    $($value => Some($crate::engine::Departure::$departure),)+
                    _ => None,
                }
            }
        }
    };
}

pub(crate) use {choice, limit};
