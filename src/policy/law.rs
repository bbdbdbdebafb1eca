//! Which programmes are the law of a home.

use crate::country::CountryCode;
use crate::data::Data;
use crate::data::model::Programme;
use crate::date::Date;

/// The tag of the law of the European Union, which is the id of the bloc too.
const EUROPEAN_UNION: &str = "eu";

/// Whether a programme is the law of a country on a day, as its tags have it.
///
/// It is where it has the country's own tag. Law of the European Union is the law of each member; a programme that has the tag of a country
/// besides is of that country only: Germany's warning binds nobody in France.
pub(super) fn is_law_of(programme: &Programme<&'static str>, home: CountryCode, data: &Data, day: Date) -> bool {
    let of = |tag: &&str| tag.to_ascii_uppercase().parse().ok().filter(|code| data.is_country(*code));
    let mut national = programme.tags.iter().filter_map(of).peekable();
    if national.peek().is_some() {
        return national.any(|code| code == home);
    }
    programme.tags.contains(&EUROPEAN_UNION) && data.is_member(EUROPEAN_UNION, home, day)
}
