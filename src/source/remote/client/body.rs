//! Where the body of an answer goes, and how much of it.

use std::fmt;
use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, PoisonError};

use reqwest::Response;

use super::attempt::Lost;
use crate::facts::live::Reason;

/// What becomes of a body. Bytes are counted unpacked.
#[derive(Clone)]
pub(super) enum Keep {
    /// It is read whole, up to a number of bytes.
    Whole(u64),
    /// It is written to a file, up to a number of bytes.
    File(Arc<Mutex<File>>, u64),
    /// It is left to whoever asked.
    Open,
}

impl fmt::Debug for Keep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keep")
    }
}

impl Keep {
    /// The answer with its body read as far as it is to be. Whatever is not read whole has no body any more.
    pub(super) async fn take(&self, name: &str, response: Response) -> Result<Response, Lost> {
        match self {
            Self::Open => Ok(response),
            Self::Whole(most) => {
                let mut bytes = Vec::new();
                let response = read(name, response, *most, |piece| {
                    bytes.extend_from_slice(piece);
                    Ok(())
                });
                Ok(with_body(response.await?, bytes))
            }
            Self::File(file, most) if response.status() == http::StatusCode::OK => {
                let unwritable = |error: std::io::Error| {
                    Lost::for_good(Reason::Unreachable, format!("{name}: not kept: {}", error.kind()))
                };
                begin(file).map_err(unwritable)?;
                let response = read(name, response, *most, |piece| {
                    let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                    file.write_all(piece).map_err(unwritable)
                });
                Ok(with_body(response.await?, Vec::new()))
            }
            Self::File(..) => Ok(with_body(response, Vec::new())),
        }
    }
}

/// Empties a file: an earlier try may have written to it.
fn begin(file: &Mutex<File>) -> std::io::Result<()> {
    let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
    file.set_len(0)?;
    file.seek(SeekFrom::Start(0)).map(drop)
}

/// Hands on piece after piece, and stops where it is too much.
async fn read(
    name: &str,
    mut response: Response,
    most: u64,
    mut take: impl FnMut(&[u8]) -> Result<(), Lost>,
) -> Result<Response, Lost> {
    let too_large =
        || Lost::for_good(Reason::TooLarge, format!("{name}: the answer has more than the {most} bytes that are read"));
    // Said beforehand: nothing of it needs to come.
    if response.content_length().is_some_and(|length| length > most) {
        return Err(too_large());
    }
    let mut left = most;
    while let Some(piece) = response.chunk().await.map_err(|error| Lost::of(name, &error))? {
        left = left.checked_sub(piece.len() as u64).ok_or_else(too_large)?;
        take(&piece)?;
    }
    Ok(response)
}

fn with_body(response: Response, bytes: Vec<u8>) -> Response {
    use reqwest::ResponseBuilderExt;
    let url = response.url().clone();
    let (parts, _) = http::Response::<reqwest::Body>::from(response).into_parts();
    let mut builder = http::Response::builder().status(parts.status).version(parts.version).url(url);
    if let Some(headers) = builder.headers_mut() {
        *headers = parts.headers;
    }
    // A status and headers that came from an answer make one again.
    builder.body(bytes).map_or_else(|_| Response::from(http::Response::new(Vec::new())), Response::from)
}
