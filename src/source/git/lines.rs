//! Lines of a stream in bounded memory.

use std::io::{self, BufRead};
use std::ops::ControlFlow;

/// Calls `take` with each line, without its end; with nothing for a line of more than `most` bytes, which is skipped.
///
/// Ends with the stream, or when `take` breaks; says which.
pub(super) fn for_each_line(
    mut stream: impl BufRead,
    most: usize,
    mut take: impl FnMut(Option<&[u8]>) -> ControlFlow<()>,
) -> io::Result<ControlFlow<()>> {
    // The beginning of a line that ends in a later buffer; one byte more than allowed stands for all that was skipped.
    let mut begun: Vec<u8> = Vec::new();
    loop {
        let buffer = match stream.fill_buf() {
            Ok(buffer) => buffer,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if buffer.is_empty() {
            let last = (begun.len() <= most).then_some(begun.as_slice());
            return Ok(if begun.is_empty() { ControlFlow::Continue(()) } else { take(last) });
        }
        let length = buffer.len();
        let mut rest = buffer;
        while let Some(at) = rest.iter().position(|byte| *byte == b'\n') {
            let (line, after) = rest.split_at(at);
            rest = after.get(1..).unwrap_or_default();
            let flow = if begun.is_empty() {
                take((line.len() <= most).then_some(line))
            } else {
                keep(&mut begun, line, most);
                let flow = take((begun.len() <= most).then_some(begun.as_slice()));
                begun.clear();
                flow
            };
            if flow.is_break() {
                return Ok(flow);
            }
        }
        keep(&mut begun, rest, most);
        stream.consume(length);
    }
}

fn keep(begun: &mut Vec<u8>, more: &[u8], most: usize) {
    let room = (most + 1).saturating_sub(begun.len()).min(more.len());
    begun.extend_from_slice(more.get(..room).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use proptest::prelude::*;

    use super::*;

    fn lines(text: &[u8], buffer: usize, most: usize) -> Vec<Option<Vec<u8>>> {
        let mut found = Vec::new();
        let flow = for_each_line(BufReader::with_capacity(buffer, text), most, |line| {
            found.push(line.map(<[u8]>::to_vec));
            ControlFlow::Continue(())
        });
        assert!(flow.unwrap().is_continue());
        found
    }

    #[test]
    fn a_long_line_is_skipped_and_said() {
        let some = |text: &str| Some(text.as_bytes().to_vec());
        assert_eq!(lines(b"abc\nabcd\n\nab", 2, 3), [some("abc"), None, some(""), some("ab")]);
        assert_eq!(lines(b"abcd", 64, 3), [None]);
        assert_eq!(lines(b"", 64, 3), []);
    }

    #[test]
    fn the_taker_stops_it() {
        let mut seen = 0;
        let stop = |_: Option<&[u8]>| {
            seen += 1;
            if seen == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        assert!(for_each_line(&b"a\nb\nc\n"[..], 10, stop).unwrap().is_break());
        assert_eq!(seen, 2);
    }

    proptest! {
        #[test]
        fn it_splits_as_the_standard_library(text in proptest::collection::vec(prop_oneof![Just(b'\n'), any::<u8>()], 0..200), buffer in 1usize..40, most in 0usize..40) {
            let mut expected: Vec<Option<Vec<u8>>> =
                text.split(|byte| *byte == b'\n').map(|line| (line.len() <= most).then(|| line.to_vec())).collect();
            // What follows the last end of line is a line only if there is something.
            expected.pop_if(|last| last.as_ref().is_some_and(Vec::is_empty));
            prop_assert_eq!(lines(&text, buffer, most), expected);
        }
    }
}
