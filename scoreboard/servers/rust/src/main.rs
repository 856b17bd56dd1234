//! The servers of tower-http and actix-cors: `scoreboard-servers LIBRARY VARIANT PORT`.

mod actix;
mod tower;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [library, variant, port] = arguments.as_slice() else {
        return Err("give a library, a variant and a port".into());
    };
    let port = port.parse()?;
    match library.as_str() {
        "actix-cors" => actix::serve(variant, port),
        _ => tower::serve(variant, port),
    }?;
    Ok(())
}
