//! A table of the dump: CSV as `PostgreSQL` writes it, read field by field in bounded memory.

use std::io::{ErrorKind, Read};

use csv_core::{ReadFieldResult, Reader};

use super::DumpError;

/// Bytes of a field that is kept; rows with a longer one are left out. Names and moments have some dozens.
const LONGEST: usize = 4 << 10;

/// Columns of a table at the most.
const COLUMNS: usize = 1000;

/// Bytes that are read at once.
const BLOCK: usize = 64 << 10;

/// A column that is read, and whether the table is of no use without it.
pub(super) type Column = (&'static str, bool);

/// A row: a text for each column that was asked for; nothing where it is missing or longer than any such value is.
pub(super) type Row<'a> = [Option<&'a [u8]>];

struct Fields<R> {
    input: R,
    block: Vec<u8>,
    at: usize,
    end: usize,
    reader: Reader,
    out: Vec<u8>,
}

enum Field {
    /// A field whose text is in `kept`, and whether it is whole.
    One {
        whole: bool,
        last: bool,
    },
    End,
}

/// Reads a table and hands over its rows. Returns how many rows could not be used: `take` says of each whether it could.
pub(super) fn read_table(
    file: &'static str,
    input: impl Read,
    columns: &[Column],
    take: &mut dyn FnMut(&Row<'_>) -> Result<bool, DumpError>,
) -> Result<u64, DumpError> {
    let mut fields =
        Fields { input, block: vec![0; BLOCK], at: 0, end: 0, reader: Reader::new(), out: vec![0; LONGEST] };
    let places = header(file, &mut fields, columns)?;
    let mut kept: Vec<Vec<u8>> = vec![Vec::new(); columns.len()];
    let mut unused = 0;
    loop {
        let Some(states) = row(&mut fields, &places, &mut kept)? else { return Ok(unused) };
        let texts: Vec<Option<&[u8]>> =
            kept.iter().zip(&states).map(|(text, whole)| whole.then_some(text.as_slice())).collect();
        unused += u64::from(!take(&texts)?);
    }
}

/// For each column of the file, which one of those asked for it is.
fn header(
    file: &'static str,
    fields: &mut Fields<impl Read>,
    columns: &[Column],
) -> Result<Vec<Option<usize>>, DumpError> {
    let mut places = Vec::new();
    let mut name = Vec::new();
    while let Field::One { whole, last } = fields.next(Some(&mut name))? {
        let place = columns.iter().position(|(column, _)| whole && column.as_bytes() == name);
        if let Some(place) = place.filter(|_| places.contains(&place)) {
            return Err(DumpError::ColumnTwice { file, column: columns[place].0 });
        }
        places.push(place);
        if places.len() > COLUMNS {
            return Err(DumpError::TooMuch { what: "columns of a table", most: COLUMNS as u64 });
        }
        if last {
            break;
        }
    }
    match columns.iter().enumerate().find(|(at, (_, needed))| *needed && !places.contains(&Some(*at))) {
        Some((_, (column, _))) => Err(DumpError::NoColumn { file, column }),
        None => Ok(places),
    }
}

/// Reads a row; says of each column asked for whether its text is there as a whole. Nothing at the end.
fn row(
    fields: &mut Fields<impl Read>,
    places: &[Option<usize>],
    kept: &mut [Vec<u8>],
) -> Result<Option<Vec<bool>>, DumpError> {
    let mut states = vec![false; kept.len()];
    for at in 0.. {
        let place = places.get(at).copied().flatten();
        let text = place.and_then(|place| kept.get_mut(place));
        match fields.next(text)? {
            Field::End if at == 0 => return Ok(None),
            Field::End => break,
            Field::One { whole, last } => {
                if let Some(place) = place {
                    states[place] = whole;
                }
                if last {
                    break;
                }
            }
        }
    }
    Ok(Some(states))
}

impl<R: Read> Fields<R> {
    fn next(&mut self, mut kept: Option<&mut Vec<u8>>) -> Result<Field, DumpError> {
        let mut whole = true;
        if let Some(kept) = kept.as_deref_mut() {
            kept.clear();
        }
        loop {
            if self.at == self.end {
                self.fill()?;
            }
            let (result, read, written) = self.reader.read_field(&self.block[self.at..self.end], &mut self.out);
            self.at += read;
            if let Some(kept) = kept.as_deref_mut().filter(|_| whole) {
                whole = kept.len() + written <= LONGEST;
                if whole {
                    kept.extend_from_slice(&self.out[..written]);
                }
            }
            match result {
                ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
                ReadFieldResult::Field { record_end } => return Ok(Field::One { whole, last: record_end }),
                ReadFieldResult::End => return Ok(Field::End),
            }
        }
    }

    /// Reads the next block; an empty one at the end.
    fn fill(&mut self) -> Result<(), DumpError> {
        (self.at, self.end) = (0, 0);
        loop {
            match self.input.read(&mut self.block) {
                Ok(count) => {
                    self.end = count;
                    return Ok(());
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(DumpError::of(&error)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, columns: &[Column]) -> Result<(Vec<Vec<String>>, u64), DumpError> {
        let mut rows = Vec::new();
        let unused = read_table("t.csv", text.as_bytes(), columns, &mut |row| {
            let texts =
                row.iter().map(|text| text.map_or("-".into(), |text| String::from_utf8_lossy(text).into_owned()));
            rows.push(texts.collect());
            Ok(row.iter().all(Option::is_some))
        })?;
        Ok((rows, unused))
    }

    #[test]
    fn columns_are_found_by_name_and_fields_are_whole_or_missing() {
        let long = "x".repeat(10 << 20);
        let text = format!("b,text,a\n1,\"{long}\",2\n\"3\n\"\"3\",,4\n5\n6,y,{long}\n7,\"{long}\n");
        let (rows, unused) = read(&text, &[("a", true), ("b", true), ("c", false)]).unwrap();
        let want = [["2", "1", "-"], ["4", "3\n\"3", "-"], ["-", "5", "-"], ["-", "6", "-"], ["-", "7", "-"]];
        assert_eq!(rows, want);
        assert_eq!(unused, 5);
    }

    #[test]
    fn a_table_without_its_columns_is_none() {
        assert_eq!(read("a\n1", &[("b", true)]), Err(DumpError::NoColumn { file: "t.csv", column: "b" }));
        assert_eq!(read("", &[("b", true)]), Err(DumpError::NoColumn { file: "t.csv", column: "b" }));
        assert_eq!(read("b,a,b\n", &[("b", true)]), Err(DumpError::ColumnTwice { file: "t.csv", column: "b" }));
        let many = "x,".repeat(COLUMNS + 1);
        assert_eq!(
            read(&many, &[("b", false)]),
            Err(DumpError::TooMuch { what: "columns of a table", most: COLUMNS as u64 })
        );
    }
}
