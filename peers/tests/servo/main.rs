//! Servo's public functions and the adapter, on the inputs that this repository and the recorded
//! corpus have. `differences.txt` lists where Servo differs from the standard; the test keeps it exact.

mod adapter;
mod differences;
mod inputs;
mod recorded;
