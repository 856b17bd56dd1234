//! The macros that make a choice: one place in the standard at which engines differ.

/// A place in the standard at which engines differ, as an enum: what the standard does comes first
/// and is the default, and each other variant is a departure of the catalogue. Variants exclude each
/// other, as what an engine does at that place can only be one thing.
///
/// What a variant does is written beside it, as methods that the algorithm calls at its step.
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

            /// The variant that is this departure.
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

            /// The departure that this is; `None` for the standard.
            pub(crate) const fn departure(self) -> Option<$crate::engine::Departure> {
                match self {
                    Self::$standard => None,
                    $(Self::$variant => Some($crate::engine::Departure::$departure)),+
                }
            }
        }
    };
}

/// A number that the standard leaves to the user agent: like a [`choice`], with the values that
/// engines have, though any other may be set.
macro_rules! limit {
    (
        $(#[$meta:meta])*
        $name:ident($type:ty) = $standard:expr; $($value:literal = $departure:ident),+ $(,)?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub(crate) struct $name(pub(crate) $type);

        impl $name {
            /// What holds where no engine is asked for.
            pub(crate) const STANDARD: Self = Self($standard);

            /// The limit that is this departure.
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

            /// The departure that this is; `None` for any other number.
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
