//! This file is empty; the package consists of its benchmark.
