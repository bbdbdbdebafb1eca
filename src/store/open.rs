//! Opening the file: made where there is none, brought up to date, set aside where it cannot be read.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::schema::{self, State, VERSION};
use super::{Access, Opened, Problem, Store, StoreError};

/// How long one waits for another.
const WAIT: Duration = Duration::from_secs(10);

/// How many damaged files are kept beside a store; a disk that damages more is not to be filled with them.
const MOST_ASIDE: u32 = 100;

/// What SQLite keeps beside a database, and what goes where it goes.
const BESIDE: [&str; 2] = ["-wal", "-shm"];

impl Store {
    /// Opens a store. For writing it is made if it is not there, and brought up to date; what is no database or a damaged one is set aside
    /// first. For reading it must be there.
    pub fn open(path: &Utf8Path, access: Access) -> Result<Opened, StoreError> {
        let error = |problem| StoreError { path: path.to_owned(), problem };
        match access {
            Access::Read => {
                let store = Self::open_existing(path)?.ok_or_else(|| error(Problem::Missing))?;
                Ok(Opened { store, set_aside: None })
            }
            Access::Write => {
                let (connection, set_aside) = writable(path).map_err(error)?;
                Ok(Opened { store: Self { connection, path: path.to_owned() }, set_aside })
            }
        }
    }

    /// Opens a store to be read; nothing if there is none, or one that nothing was ever written to.
    pub fn open_existing(path: &Utf8Path) -> Result<Option<Self>, StoreError> {
        let connection = readable(path).map_err(|problem| StoreError { path: path.to_owned(), problem })?;
        Ok(connection.map(|connection| Self { connection, path: path.to_owned() }))
    }
}

fn readable(path: &Utf8Path) -> Result<Option<Connection>, Problem> {
    match path.metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Problem::Place(error)),
        Ok(found) if !found.is_file() => return Err(Problem::Place(io::Error::other("it is no file"))),
        Ok(_) => {}
    }
    let (connection, state) = match read_only(path) {
        // Where nothing can be written SQLite cannot keep the file by which many share a database; nobody writes there, so none is needed.
        Err(Problem::Place(_) | Problem::ReadOnly) if cfg!(unix) && log_is_empty(path) => immutable(path)?,
        other => other?,
    };
    match state {
        State::Empty => Ok(None),
        State::Version(VERSION) => Ok(Some(connection)),
        State::Version(found) => {
            drop(connection);
            writable(path).map_err(|why| Problem::Older { found, source: Box::new(why) })?;
            Ok(Some(read_only(path)?.0))
        }
    }
}

fn read_only(path: &Utf8Path) -> Result<(Connection, State), Problem> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    prepared(Connection::open_with_flags(path, flags)?)
}

/// Opens a file that nobody changes.
fn immutable(path: &Utf8Path) -> Result<(Connection, State), Problem> {
    let absolute = path.canonicalize_utf8().map_err(Problem::Place)?;
    let quoted = absolute.as_str().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    prepared(Connection::open_with_flags(format!("file:{quoted}?immutable=1"), flags)?)
}

fn log_is_empty(path: &Utf8Path) -> bool {
    beside(path, "-wal").metadata().map_or(true, |log| log.len() == 0)
}

/// The file can be anybody's: nothing that is written in it is run.
fn prepared(connection: Connection) -> Result<(Connection, State), Problem> {
    connection.busy_timeout(WAIT)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    let state = schema::state(&connection)?;
    Ok((connection, state))
}

fn writable(path: &Utf8Path) -> Result<(Connection, Option<Utf8PathBuf>), Problem> {
    make(path).map_err(Problem::Place)?;
    match read_write(path) {
        Err(Problem::Broken(_)) => {}
        other => return Ok((other?, None)),
    }
    // Of several who find it broken one sets it aside; the others find a new one.
    let lock = File::create(beside(path, ".lock")).map_err(Problem::Place)?;
    match lock.lock() {
        Err(error) if error.kind() != io::ErrorKind::Unsupported => return Err(Problem::Place(error)),
        _ => {}
    }
    match read_write(path) {
        Err(Problem::Broken(_)) => {}
        other => return Ok((other?, None)),
    }
    let aside = set_aside(path).map_err(Problem::Place)?;
    make(path).map_err(Problem::Place)?;
    Ok((read_write(path)?, Some(aside)))
}

fn read_write(path: &Utf8Path) -> Result<Connection, Problem> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let (mut connection, state) = prepared(Connection::open_with_flags(path, flags)?)?;
    if connection.is_readonly("main")? {
        return Err(Problem::ReadOnly);
    }
    if state != State::Empty {
        let found: String = connection.query_row("PRAGMA quick_check(1)", (), |row| row.get(0))?;
        if found != "ok" {
            return Err(Problem::Broken(found));
        }
    }
    let mode: String = connection.query_row("PRAGMA journal_mode", (), |row| row.get(0))?;
    if mode != "wal" {
        // Readers go on while one writes. Where the file system does not allow for it the old mode stays, which is safe too.
        connection.query_row("PRAGMA journal_mode = WAL", (), |_| Ok(()))?;
    }
    // With a log, `NORMAL` loses nothing when the process dies, and keeps the file whole when the machine does. What is deleted is
    // overwritten, since it can be about people.
    connection.execute_batch("PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16000")?;
    connection.query_row("PRAGMA secure_delete = ON", (), |_| Ok(()))?;
    schema::migrate(&mut connection)?;
    Ok(connection)
}

/// Makes the file and its folders, for nobody but the user: there can be data on people in it.
fn make(path: &Utf8Path) -> io::Result<()> {
    let mut folder = fs::DirBuilder::new();
    let mut file = OpenOptions::new();
    folder.recursive(true);
    file.create_new(true).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
        folder.mode(0o700);
        file.mode(0o600);
    }
    if let Some(above) = path.parent().filter(|above| !above.as_str().is_empty()) {
        folder.create(above)?;
    }
    match file.open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            if path.is_file() {
                Ok(())
            } else {
                Err(io::Error::other("it is there, and is no file"))
            }
        }
        other => other.map(drop),
    }
}

/// Moves a file and what belongs to it to the first name that is free.
fn set_aside(path: &Utf8Path) -> io::Result<Utf8PathBuf> {
    let mut names = (1..=MOST_ASIDE).map(|number| beside(path, &format!(".broken-{number}")));
    let aside = names.find(|name| !name.exists());
    let aside = aside.ok_or_else(|| io::Error::other("too many damaged files lie beside it; delete them"))?;
    fs::rename(path, &aside)?;
    for suffix in BESIDE {
        match fs::rename(beside(path, suffix), beside(&aside, suffix)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(aside)
}

/// The files beside a store that were set aside, in order of their names.
pub(super) fn aside(path: &Utf8Path) -> Vec<Utf8PathBuf> {
    let prefix = format!("{}.broken-", path.file_name().unwrap_or_default());
    let folder = path.parent().filter(|folder| !folder.as_str().is_empty()).unwrap_or(Utf8Path::new("."));
    let entries = folder.read_dir_utf8().into_iter().flatten().flatten();
    let mut found: Vec<_> = entries
        .filter(|entry| entry.file_name().starts_with(&prefix))
        .map(|entry| path.with_file_name(entry.file_name()))
        .collect();
    found.sort();
    found
}

fn beside(path: &Utf8Path, suffix: &str) -> Utf8PathBuf {
    format!("{path}{suffix}").into()
}
