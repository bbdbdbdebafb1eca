//! Legal forms at the end, or the front, of a name.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A legal form, as [`legal_form`] needs it. A trait, so that the table stays where the data lives.
pub trait Form {
    /// How the form is spelt.
    fn spellings(&self) -> impl Iterator<Item = &str>;
}

/// Up to this many letters a spelling must be met as it is written: `as`, `se` and `ab` are words of many languages.
const SHORT: usize = 3;

/// Spellings in Latin letters that may also stand in front of the name. Those of other scripts always may.
const LEADING: [&str; 17] = [
    "OOO",
    "OAO",
    "ZAO",
    "PAO",
    "TOV",
    "TOO",
    "JSC",
    "OJSC",
    "CJSC",
    "PJSC",
    "LLC",
    "UAB",
    "SIA",
    "PT",
    "OÜ",
    "Stichting",
    "Fundacja",
];

/// Scripts from here on are written without spaces between words.
const FIRST_WITHOUT_SPACES: char = '\u{2E80}';

/// The last code point of the Latin blocks.
const LAST_LATIN: char = '\u{024F}';

/// How closely a name follows a spelling.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Closeness {
    /// The same letters, in other case and punctuation.
    Letters,
    /// The same but for case.
    Folded,
    /// The same.
    Exact,
}

/// A spelling found in a name: the more letters the better, then the closer the better.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Fit {
    letters: usize,
    closeness: Closeness,
    /// Bytes of the name that are not the form.
    stem: (usize, usize),
}

/// The form that a name ends (or starts) with, by its place in `forms`, and the name without it.
///
/// The longest spelling wins (`Pte. Ltd.` over `Ltd.`), then the closest (`A/S` over `AS`).
pub fn legal_form<'n, F: Form>(name: &'n str, forms: &[F]) -> Option<(usize, &'n str)> {
    let spellings =
        forms.iter().enumerate().flat_map(|(at, form)| form.spellings().map(move |spelling| (at, spelling)));
    let (at, fit) = best(name, spellings)?;
    Some((at, stem(name, fit)?))
}

/// The same, with the spellings known here: the spelling and the name without it.
pub(super) fn split_form(name: &str) -> Option<(&'static str, &str)> {
    let in_front = SPELLINGS
        .iter()
        .filter(|spelling| name.as_bytes().first() == spelling.as_bytes().first() && may_lead(spelling));
    let (spelling, fit) = best(name, likely(name).iter().chain(in_front).map(|spelling| (*spelling, *spelling)))?;
    Some((spelling, stem(name, fit)?))
}

/// The spellings that end with the same letter as a name: most names end with none of them.
fn likely(name: &str) -> &'static [&'static str] {
    static BY_LAST: LazyLock<BTreeMap<char, Vec<&'static str>>> = LazyLock::new(|| {
        let mut by_last: BTreeMap<char, Vec<&'static str>> = BTreeMap::new();
        for spelling in SPELLINGS {
            by_last.entry(last_letter(spelling)).or_default().push(spelling);
        }
        by_last
    });
    BY_LAST.get(&last_letter(name)).map(Vec::as_slice).unwrap_or_default()
}

fn last_letter(text: &str) -> char {
    let last = text.chars().rev().find(|c| c.is_alphanumeric()).unwrap_or(' ');
    last.to_lowercase().next_back().unwrap_or(last)
}

/// Whether a text is a legal form and nothing else, as the part after the comma of `Example, Inc.`
pub(super) fn is_form(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
    letters > 0 && likely(text).iter().filter_map(|spelling| at_end(text, spelling)).any(|fit| fit.letters == letters)
}

fn best<'s, K>(name: &str, spellings: impl Iterator<Item = (K, &'s str)>) -> Option<(K, Fit)> {
    let mut best: Option<(K, Fit)> = None;
    for (key, spelling) in spellings {
        let fit = at_end(name, spelling).or_else(|| at_start(name, spelling));
        let Some(fit) = fit.filter(|fit| has_letters(name, *fit)) else { continue };
        if best.as_ref().is_none_or(|(_, so_far)| (fit.letters, fit.closeness) > (so_far.letters, so_far.closeness)) {
            best = Some((key, fit));
        }
    }
    best
}

fn has_letters(name: &str, fit: Fit) -> bool {
    name.get(fit.stem.0..fit.stem.1).is_some_and(|stem| stem.contains(char::is_alphanumeric))
}

fn stem(name: &str, fit: Fit) -> Option<&str> {
    let stem = name.get(fit.stem.0..fit.stem.1)?;
    Some(
        stem.trim_matches(|c: char| {
            c.is_whitespace() || matches!(c, ',' | ';' | '&' | '-' | '"' | '«' | '»' | '“' | '”')
        }),
    )
}

fn at_end(name: &str, spelling: &str) -> Option<Fit> {
    let mut met = name.char_indices().rev().filter(|(_, c)| c.is_alphanumeric());
    let mut start = name.len();
    let mut first = ' ';
    let mut letters = 0;
    for wanted in spelling.chars().rev().filter(|c| c.is_alphanumeric()) {
        let (at, c) = met.next()?;
        if !same_letter(c, wanted) {
            return None;
        }
        (start, first) = (at, c);
        letters += 1;
    }
    let before = name.get(..start)?;
    let joined = |c: char| c.is_alphanumeric() || matches!(c, '.' | '@' | '_' | '/');
    if letters == 0 || (first < FIRST_WITHOUT_SPACES && before.ends_with(joined)) {
        return None;
    }
    let closeness = closeness(name.get(start..)?, spelling);
    accepted(before, spelling, letters, closeness).then_some(Fit { letters, closeness, stem: (0, start) })
}

/// In front a form counts only as it is written: `AS`, `LP` or `ad` start too many names.
fn at_start(name: &str, spelling: &str) -> Option<Fit> {
    let rest = name.strip_prefix(spelling).filter(|_| may_lead(spelling))?;
    let last = spelling.chars().next_back()?;
    if last < FIRST_WITHOUT_SPACES && rest.starts_with(char::is_alphanumeric) {
        return None;
    }
    let letters = spelling.chars().filter(|c| c.is_alphanumeric()).count();
    (letters > 0).then_some(Fit { letters, closeness: Closeness::Exact, stem: (spelling.len(), name.len()) })
}

fn may_lead(spelling: &str) -> bool {
    LEADING.contains(&spelling) || !spelling.chars().any(|c| c.is_alphabetic() && c <= LAST_LATIN)
}

/// Whether a match is no accident: short spellings must be exact (dotted ones but for case), and the shortest need a name with a
/// capital in front of them.
fn accepted(before: &str, spelling: &str, letters: usize, closeness: Closeness) -> bool {
    if letters > SHORT {
        return true;
    }
    let dotted = core(spelling).contains(|c: char| !c.is_alphanumeric());
    let capital = before.chars().find(|c| c.is_alphanumeric()).is_none_or(|c| !c.is_lowercase());
    closeness == Closeness::Exact && (letters == SHORT || dotted || capital) || closeness == Closeness::Folded && dotted
}

fn closeness(found: &str, spelling: &str) -> Closeness {
    let (found, wanted) = (core(found), core(spelling));
    if found == wanted {
        Closeness::Exact
    } else if found.chars().count() == wanted.chars().count()
        && found.chars().zip(wanted.chars()).all(|(a, b)| same_letter(a, b))
    {
        Closeness::Folded
    } else {
        Closeness::Letters
    }
}

fn core(text: &str) -> &str {
    text.trim_matches(|c: char| !c.is_alphanumeric())
}

fn same_letter(a: char, b: char) -> bool {
    a == b
        || if a.is_ascii() && b.is_ascii() { a.eq_ignore_ascii_case(&b) } else { a.to_lowercase().eq(b.to_lowercase()) }
}

/// Every spelling of `data/legal_forms.toml`; a test compares the two. They stand here because the data is compiled with the
/// help of this module and cannot be asked by it.
#[rustfmt::skip]
pub(super) const SPELLINGS: &[&str] = &[
    // German-speaking countries.
    "GmbH", "mbH", "Ges.m.b.H.", "GesmbH", "Gesellschaft mit beschränkter Haftung", "gGmbH", "GmbH & Co. KG",
    "GmbH und Co. KG", "GmbH & Co. OHG", "mbH & Co. KG", "AG & Co. KG", "SE & Co. KG", "KGaA", "GmbH & Co. KGaA",
    "AG & Co. KGaA", "SE & Co. KGaA", "UG (haftungsbeschränkt)", "UG (haftungsbeschraenkt)", "UG haftungsbeschränkt",
    "UG", "AG", "Aktiengesellschaft", "KG", "Kommanditgesellschaft", "OHG", "oHG", "OG", "GbR", "e.K.", "e.Kfm.",
    "e.Kfr.", "e.U.", "e.V.", "e. V.", "eingetragener Verein", "eG", "Stiftung", "Genossenschaft", "Sagl", "Sàrl",
    "S.à r.l.", "S.à.r.l.", "S.à r. l.", "Anstalt",
    // The Nordic and Baltic countries.
    "AB", "AB (publ)", "Aktiebolag", "Aktiebolaget", "ek. för.", "ekonomisk förening", "Oy", "OY", "Oyj", "OYJ",
    "Oy Ab", "Osakeyhtiö", "ry", "r.y.", "ApS", "APS", "A/S", "I/S", "AS", "ASA", "ehf.", "ohf.", "OÜ", "OU",
    "Osaühing", "MTÜ", "UAB", "VšĮ", "VsI", "SIA",
    // Central and Eastern Europe.
    "s.r.o.", "s. r. o.", "spol. s r.o.", "spol. s r. o.", "a.s.", "a. s.", "A.S.", "A. S.", "z.s.", "z. s.", "z.ú.",
    "z. ú.", "o.p.s.", "o. p. s.", "z.s.p.o.", "z. s. p. o.", "o.z.", "o. z.", "Sp. z o.o.", "Sp. z o. o.",
    "spółka z o.o.", "Spółka z ograniczoną odpowiedzialnością", "Sp.k.", "Sp. k.", "sp.k.", "Sp. z o.o. Sp.k.",
    "Sp. j.", "sp.j.", "P.S.A.", "Fundacja", "Kft.", "Kft", "KFT", "Zrt.", "Zrt", "Nyrt.", "Nyrt", "Bt.", "d.o.o.",
    "d. o. o.", "DOO", "j.d.o.o.", "DOOEL", "d.o.o.e.l.", "d.d.", "d. d.", "a.d.", "AD", "OOD", "EOOD", "ООД", "ЕООД",
    "EAD", "ЕАД", "АД", "SRL", "S.R.L.", "S.r.l.", "Srl", "s.r.l.", "srl", "S.r.l.s.", "Srls", "S.r.l. a socio unico",
    "Ι.Κ.Ε.", "ΙΚΕ", "IKE", "Ε.Π.Ε.", "ΕΠΕ", "Α.Ε.",
    // Russia and its neighbours.
    "ООО", "OOO", "Общество с ограниченной ответственностью", "АО", "Акционерное общество", "ПАО", "PAO", "ОАО",
    "OAO", "ЗАО", "ZAO", "АНО", "ФГУП", "ФГБУ", "ФГБОУ", "НКО", "ТОО", "TOO", "ОсОО", "ОСОО", "ТОВ", "ТзОВ", "TOV",
    "Товариство з обмеженою відповідальністю", "ПрАТ", "ПАТ", "АТ", "JSC", "J.S.C.", "Joint Stock Company",
    "Joint-Stock Company", "OJSC", "CJSC", "Open Joint Stock Company", "Closed Joint Stock Company", "PJSC",
    "P.J.S.C.", "Public Joint Stock Company", "შპს", "ՍՊԸ", "ՓԲԸ", "MMC",
    // The Netherlands, Belgium, Luxembourg, France.
    "B.V.", "BV", "b.v.", "B. V.", "Besloten Vennootschap", "N.V.", "NV", "N. V.", "Naamloze Vennootschap",
    "Stichting", "Coöperatie U.A.", "Coöperatief U.A.", "BVBA", "SPRL", "S.P.R.L.", "CVBA", "SCRL", "VZW", "vzw",
    "AISBL", "IVZW", "ASBL", "A.S.B.L.", "asbl", "SAS", "S.A.S.", "SASU", "S.A.S.U.", "S.a.s.", "SARL", "S.A.R.L.",
    "Sarl", "S.a.r.l.", "EURL", "E.U.R.L.", "SCOP", "SCIC", "SA", "S.A.", "S. A.", "Société Anonyme",
    // Italy, Spain, Portugal, Latin America.
    "S.p.A.", "S.P.A.", "s.p.a.", "Società per azioni", "SpA", "SPA", "S.n.c.", "Snc", "S.L.", "SL", "S.L.U.", "SLU",
    "S.L.L.", "Sociedad Limitada", "S.L.N.E.", "SLNE", "S. Coop.", "S.Coop.", "S. Coop", "S.A.U.", "SAU", "Lda.",
    "Lda", "LDA", "Unipessoal Lda.", "Limitada", "Ltda.", "Ltda", "LTDA", "S/A", "EIRELI", "E.I.R.L.", "EIRL",
    "S.A.C.", "S.A. de C.V.", "SA de CV", "S. de R.L. de C.V.", "S de RL de CV", "S.A.P.I. de C.V.", "SAPI de CV",
    // English-speaking countries.
    "Inc.", "Inc", "INC", "inc", "Incorporated", "Co., Inc.", "LLC", "L.L.C.", "llc", "Limited Liability Company",
    "Corp.", "Corp", "CORP", "Corporation", "Ltd.", "Ltd", "LTD", "ltd", "Limited", "PLC", "plc", "P.L.C.",
    "Public Limited Company", "LLP", "L.L.P.", "Limited Liability Partnership", "LP", "L.P.", "Limited Partnership",
    "LLLP", "P.L.L.C.", "PLLC", "PBC", "Public Benefit Corporation", "CIC", "C.I.C.", "Community Interest Company",
    "DAC", "Designated Activity Company", "Teoranta", "ULC", "Unlimited Liability Corporation", "Ltée", "Limitée",
    "Pty Ltd", "Pty. Ltd.", "Pty Limited", "Pty", "Proprietary Limited", "Co.",
    // Asia.
    "Pte. Ltd.", "Pte Ltd", "Pte. Limited", "Pte", "Pvt. Ltd.", "Pvt Ltd", "Pvt. Limited", "Private Ltd.",
    "Private Limited", "Sdn. Bhd.", "Sdn Bhd", "Sendirian Berhad", "Bhd.", "Bhd", "Berhad", "Co., Ltd.", "Co. Ltd.",
    "Co., Limited", "Company Limited", "Company Ltd.", "Corp., Ltd.", "Inc., Ltd.", "K.K.", "KK", "Kabushiki Kaisha",
    "Kabushiki Gaisha", "株式会社", "G.K.", "GK", "Godo Kaisha", "合同会社", "有限会社", "一般社団法人", "一般財団法人", "特定非営利活動法人", "有限公司",
    "有限责任公司", "集团公司", "股份有限公司", "有限責任公司", "주식회사", "유한회사", "사단법인", "재단법인", "TNHH", "Công ty TNHH", "Công ty Cổ phần",
    "CTCP", "PCL", "Public Company Limited", "PT", "Tbk", "Perseroan Terbatas", "A.Ş.", "A. Ş.", "AŞ",
    "Anonim Şirketi", "Ltd. Şti.", "Ltd. Sti.", "Limited Şirketi", "בע\"מ", "בע״מ", "W.L.L.", "WLL", "FZE", "FZCO",
    "FZ-LLC", "LLC-FZ", "FZC", "DMCC",
    // The European Union.
    "SE", "Societas Europaea", "EEIG", "E.E.I.G.", "G.E.I.E.",
];
