//! Words that many names of organisations share.

use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Words that say what an organisation does or that it is one, in the spelling of a key. They tell nobody apart.
const GENERIC: &str = "
    academy administration aerospace agency airlines analytics applications asia assets association associates authority automation
    aviation bank bureau business capital centre center chemical club co college commerce commercial committee communication
    communications community company computer computers computing consortium construction consulting contributors cooperation
    corporation council creative data defence defense department design developers development device devices digital distribution
    east eastern electric electrical electronic electronics energy engine engineering enterprise enterprises equipment europe
    european exchange export factory federal finance financial first foundation free fund games general global government group
    hardware head headquarters high holding holdings home hosting import income industrial industries industry informatics information
    infrastructure innovation innovations institute instruments insurance integrated intelligence interactive international internet investment
    investments joint lab laboratories laboratory labs leasing limited logistics machinery management manufacturing marine maritime
    market marketing materials media medical micro military mining ministry mobile motor motors national net network networks new
    north northern office oil open operations optical organisation organization overseas partners petroleum pharmaceutical plant plus
    power precision press private product production productions products program project projects public publishing radio
    regional research resources robotics russian satellite school science sciences scientific secure security semiconductor semiconductors
    service services shipping society software solution solutions source south southern space special state steel stock store studio
    studios supply support system systems team tech technical technique technological technologies technology telecom telecommunication
    telecommunications test trade trading transport transportation travel trust union united universal university ventures
    web west western works workshop world worldwide
    gesellschaft gruppe technik universitat empresa compania comercial comercializadora grupo inversiones servicios sociedad
    societe compagnie groupe gruppa kompaniya korporatsiya obedinenie predpriyatie zavod tsentr institut nauchno
    proizvodstvennoe kholding bank banka
    alpha apex atlas delta omega prime star
";

/// Those of them that are names of people too: who is called so is no organisation for that.
const PERSONS: &str = "
    alpha apex atlas delta east free head high home marine new north omega plant power press prime south star steel stock west
";

/// Further words by which an organisation is told, which do tell one from another.
const OF_ORGANISATIONS: [&str; 4] = ["aero", "air", "airline", "airways"];

/// Words that only join others.
const JOINING: &str = "a al an at by da das de del der des di do dos du e el en et for fur i in la le les los na of on or po pri s to u und v van von y z";

/// Legal forms as lists write them out in Latin letters, with the id of the form in `data/legal_forms.toml`.
pub(super) const WRITTEN_OUT: [(&str, &str); 16] = [
    ("obshchestvo s ogranichennoy otvetstvennostyu", "ooo"),
    ("obshchestvo s ogranichennoi otvetstvennostyu", "ooo"),
    ("obschestvo s ogranichennoy otvetstvennostyu", "ooo"),
    ("obschestvo s ogranichennoi otvetstvennostyu", "ooo"),
    ("aktsionernoe obshchestvo", "ao"),
    ("aktsionernoye obshchestvo", "ao"),
    ("aktsionernoe obschestvo", "ao"),
    ("publichnoe aktsionernoe obshchestvo", "pao"),
    ("publichnoye aktsionernoye obshchestvo", "pao"),
    ("publichnoe aktsionernoe obschestvo", "pao"),
    ("otkrytoe aktsionernoe obshchestvo", "oao"),
    ("otkrytoye aktsionernoye obshchestvo", "oao"),
    ("zakrytoe aktsionernoe obshchestvo", "oao"),
    ("zakrytoye aktsionernoye obshchestvo", "oao"),
    ("tovarystvo z obmezhenoiu vidpovidalnistiu", "tov"),
    ("sociedad anonima", "sa"),
];

/// Ids of forms that also stand in front of a name.
pub(super) const LEADING: [&str; 18] = [
    "ooo", "ao", "pao", "oao", "too", "tov", "osoo", "prat", "jsc", "ojsc", "pjsc", "llc", "uab", "sia", "pt-id", "ou",
    "tnhh", "ano",
];

/// Short forms that no name begins with, so that they are split off in front of a name that has another form at its end too.
const STACKED_SHORT: [&str; 11] = ["ooo", "oao", "zao", "osoo", "jsc", "ojsc", "cjsc", "pjsc", "llc", "fgup", "fgbu"];

/// Forms of companies with limited liability that are no stock companies.
pub(super) const LIMITED: [&str; 36] = [
    "gmbh",
    "ug",
    "sagl",
    "sarl-ch-lu",
    "aps",
    "ou",
    "uab",
    "sia",
    "sro",
    "sp-zoo",
    "kft",
    "doo",
    "dooel",
    "ood",
    "srl",
    "srl-mixed",
    "ooo",
    "too",
    "osoo",
    "tov",
    "ge-llc",
    "am-llc",
    "az-llc",
    "bv",
    "bvba",
    "sarl",
    "sl",
    "ltda",
    "youxian-gongsi",
    "youxian-zeren-gongsi",
    "youxian-zeren-hk",
    "tnhh",
    "ltd-sti",
    "il-ltd",
    "wll",
    "fz",
];

/// Forms of stock companies.
pub(super) const STOCK: [&str; 28] = [
    "ag",
    "ab",
    "oyj",
    "as",
    "asa",
    "a-s-dk",
    "a-s-cz",
    "a-s-capitals",
    "psa",
    "zrt",
    "dd",
    "ad",
    "ead",
    "ae-gr",
    "ao",
    "pao",
    "oao",
    "prat",
    "nv",
    "sa",
    "societe-anonyme",
    "spa",
    "spa-dotted",
    "s-a-br",
    "kk",
    "gufen-youxian-gongsi",
    "jusikhoesa",
    "a-s-tr",
];

/// English forms by which limited companies of other countries are called in translation.
pub(super) const LIMITED_ENGLISH: [&str; 5] = ["llc", "ltd", "limited", "co-ltd", "private-limited"];

/// The same for stock companies.
pub(super) const STOCK_ENGLISH: [&str; 6] = ["jsc", "ojsc", "pjsc", "plc", "co-ltd", "corp"];

static GENERIC_SET: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| GENERIC.split_whitespace().collect());
static PERSONS_SET: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| PERSONS.split_whitespace().collect());
static JOINING_SET: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| JOINING.split_whitespace().collect());

/// Whether a word of a key is in many names.
pub(super) fn is_generic(word: &str) -> bool {
    GENERIC_SET.contains(word)
}

/// Whether a word of a name says that it is that of an organisation.
pub(super) fn is_of_organisations(word: &str) -> bool {
    (is_generic(word) && !is_persons_name(word)) || OF_ORGANISATIONS.contains(&word)
}

/// Whether a generic word is the name of people too.
fn is_persons_name(word: &str) -> bool {
    PERSONS_SET.contains(word)
}

/// Whether a word of a key only joins others.
pub(super) fn is_joining(word: &str) -> bool {
    JOINING_SET.contains(word)
}

/// Whether a word is a number, as `13`, `13th` or `no5`: two names that differ in it are two branches. A word that holds other letters
/// is a name, as `4paradigm` and `h3c` are.
pub(super) fn is_number(word: &str) -> bool {
    let digits = word.strip_prefix("no").unwrap_or(word);
    let ordinal = ["st", "nd", "rd", "th"].iter().find_map(|ending| word.strip_suffix(ending));
    [Some(digits), ordinal]
        .into_iter()
        .flatten()
        .any(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether a word holds a digit.
pub(super) fn has_digit(word: &str) -> bool {
    word.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether a form in front of a name is so short that it may be the beginning of the name itself, as in `Too Good` and `AT Kearney`.
pub(super) fn is_short_leading(words: &[String]) -> bool {
    matches!(words, [word] if word.len() <= 4 && !STACKED_SHORT.contains(&word.as_str()))
}
