//! An answer that is read while it comes, by code that reads as from a file.

use std::io::{self, Read};
use std::thread;
use std::time::Duration;

use reqwest::Response;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::Failure;
use super::attempt::Lost;
use crate::facts::live::Reason;

/// Pieces that wait for the reader at the most; a piece is what the connection gives at once.
const WAITING: usize = 16;

/// What comes next: bytes, or nothing more. Where not even that comes, the request was dropped half-way.
type Piece = Result<Option<Vec<u8>>, Failure>;

/// The body of an answer, read on a thread of its own.
#[derive(Debug)]
pub struct BodyReader {
    pieces: mpsc::Receiver<Piece>,
    piece: Vec<u8>,
    at: usize,
    ended: bool,
}

impl Read for BodyReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.at == self.piece.len() && !self.ended {
            match self.pieces.blocking_recv() {
                Some(Ok(Some(piece))) => (self.piece, self.at) = (piece, 0),
                Some(Ok(None)) => self.ended = true,
                Some(Err(failure)) => return Err(io::Error::other(failure.detail)),
                None => return Err(io::Error::other("the request was interrupted")),
            }
        }
        let rest = &self.piece[self.at..];
        let count = rest.len().min(out.len());
        out[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        Ok(count)
    }
}

/// Hands the body of an answer to a reader on its own thread, as fast as it reads. Returns what the reader returns, or why the body did
/// not come whole.
pub(super) async fn pump<T: Send + 'static>(
    name: &str,
    mut response: Response,
    most: u64,
    time: Duration,
    reader: impl FnOnce(BodyReader) -> T + Send + 'static,
) -> Result<T, Failure> {
    let (send, pieces) = mpsc::channel(WAITING);
    let (done, result) = oneshot::channel();
    let thread = thread::Builder::new().name("body".to_owned()).spawn(move || {
        // Nobody waits for it any more if the run was interrupted.
        let _unheard = done.send(reader(BodyReader { pieces, piece: Vec::new(), at: 0, ended: false }));
    });
    thread
        .map_err(|error| failure(Reason::Unreachable, format!("{name}: no thread to read with: {}", error.kind())))?;
    let until = Instant::now() + time;
    let mut left = most;
    let broken = loop {
        let next = match tokio::time::timeout_at(until, response.chunk()).await {
            Err(_) => Err(failure(Reason::Unreachable, format!("{name}: not done within {} seconds", time.as_secs()))),
            Ok(Err(error)) => Err(Lost::of(name, &error).failure),
            Ok(Ok(None)) => Ok(None),
            Ok(Ok(Some(piece))) => left.checked_sub(piece.len() as u64).map_or_else(
                || Err(failure(Reason::TooLarge, format!("{name}: more than the {most} bytes that are read"))),
                |rest| {
                    left = rest;
                    Ok(Some(piece.to_vec()))
                },
            ),
        };
        let last = !matches!(next, Ok(Some(_)));
        let broken = next.as_ref().err().cloned();
        // A reader that has seen enough is no failure.
        if send.send(next).await.is_err() || last {
            break broken;
        }
    };
    drop(send);
    let result = result.await.map_err(|_| failure(Reason::Malformed, format!("{name}: it could not be read")))?;
    broken.map_or(Ok(result), Err)
}

fn failure(reason: Reason, detail: String) -> Failure {
    Failure { reason, detail }
}
