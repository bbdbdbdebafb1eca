//! A local HTTP server that plays a service: whole answers, and every kind of broken one.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// A request as it came over the wire.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// `GET`.
    pub(crate) method: String,
    /// Path and query, as they were sent.
    pub(crate) path: String,
    /// By lower-case name.
    pub(crate) headers: BTreeMap<String, String>,
    /// What followed.
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// The body as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("the request has a body of JSON")
    }

    /// Everything that was sent, as one text to search in.
    pub(crate) fn whole(&self) -> String {
        format!("{} {}\n{:?}\n{}", self.method, self.path, self.headers, String::from_utf8_lossy(&self.body))
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// Pause before every piece of this many bytes.
    drip: Option<(Duration, usize)>,
    /// Stop after this many bytes of the body, and close.
    cut: Option<usize>,
    /// The length that is announced; the body's own if none.
    length: Option<usize>,
}

impl Reply {
    /// JSON with status 200.
    pub(crate) fn json(value: &serde_json::Value) -> Self {
        Self::text(value.to_string()).header("content-type", "application/json")
    }

    /// A body with status 200 and no type.
    pub(crate) fn text(body: impl Into<Vec<u8>>) -> Self {
        Self { status: 200, headers: Vec::new(), body: body.into(), drip: None, cut: None, length: None }
    }

    /// A status with an empty body.
    pub(crate) fn status(status: u16) -> Self {
        Self { status, ..Self::text("") }
    }

    /// The same with another status.
    pub(crate) fn with_status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// The same with one more header.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same, `bytes` at a time with a pause before each piece.
    pub(crate) fn drip(self, pause: Duration, bytes: usize) -> Self {
        Self { drip: Some((pause, bytes)), ..self }
    }

    /// The same, announcing another length.
    pub(crate) fn announcing(self, length: usize) -> Self {
        Self { length: Some(length), ..self }
    }

    /// The same, cut off after some bytes of the body.
    pub(crate) fn cut(self, after: usize) -> Self {
        Self { cut: Some(after), ..self }
    }
}

type Handler = dyn Fn(&Request) -> Reply + Send + Sync;

/// A server that answers until it is dropped, and remembers what it was asked.
pub(crate) struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    stop: Arc<std::sync::atomic::AtomicBool>,
}

impl Server {
    /// Starts one on a free port.
    pub(crate) fn start(handler: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("the port has a number");
        let requests = Arc::new(Mutex::new(Vec::new()));
        let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
        let handler: Arc<Handler> = Arc::new(handler);
        let (kept, stopped) = (Arc::clone(&requests), Arc::clone(&stop));
        thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(std::sync::atomic::Ordering::SeqCst) {
                    break;
                }
                let (Ok(stream), handler, kept) = (stream, Arc::clone(&handler), Arc::clone(&kept)) else { continue };
                thread::spawn(move || {
                    // A client that goes away is no failure of the test.
                    let _gone = answer(&stream, &*handler, &kept);
                });
            }
        });
        Self { address, requests, stop }
    }

    /// `http://127.0.0.1:…`, without a slash at the end.
    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What it was asked so far, in the order in which the requests were read.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("no test thread panicked").clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, std::sync::atomic::Ordering::SeqCst);
        // Wakes the listener, which then sees that it is to stop.
        let _gone = TcpStream::connect(self.address);
    }
}

fn answer(stream: &TcpStream, handler: &Handler, kept: &Mutex<Vec<Request>>) -> std::io::Result<()> {
    let Some(request) = read(stream)? else { return Ok(()) };
    kept.lock().expect("no test thread panicked").push(request.clone());
    let reply = handler(&request);
    let mut stream = stream;
    let headers: Vec<String> = reply.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let length = reply.length.unwrap_or(reply.body.len());
    let head = format!(
        "HTTP/1.1 {} Status\r\nconnection: close\r\n{}content-length: {length}\r\n\r\n",
        reply.status,
        headers.concat()
    );
    stream.write_all(head.as_bytes())?;
    let body = &reply.body[..reply.cut.unwrap_or(reply.body.len()).min(reply.body.len())];
    match reply.drip {
        Some((pause, bytes)) => {
            for piece in body.chunks(bytes.max(1)) {
                thread::sleep(pause);
                stream.write_all(piece)?;
                stream.flush()?;
            }
        }
        None => stream.write_all(body)?,
    }
    stream.flush()?;
    stream.shutdown(Shutdown::Write)
}

fn read(stream: &TcpStream) -> std::io::Result<Option<Request>> {
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let (Some(method), Some(path)) = (words.next(), words.next()) else { return Ok(None) };
    let (method, path) = (method.to_owned(), path.to_owned());
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            headers.insert(name.trim().to_lowercase(), value.trim().to_owned());
        }
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(Some(Request { method, path, headers, body }))
}
