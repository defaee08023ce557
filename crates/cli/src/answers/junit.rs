//! Expectations as test cases: CI systems show them beside the tests.

use report::escape_xml;

/// One expectation.
pub(crate) struct Case {
    /// What is expected.
    pub(crate) name: String,
    /// Where it is written, as `file:line`.
    pub(crate) place: String,
    pub(crate) said: Said,
}

/// How it came out.
pub(crate) enum Said {
    Met,
    /// It is not so, and why.
    Failed(String),
    /// It could not be decided, and why.
    Undecided(String),
    /// Nothing was expected.
    Asked,
}

/// The page.
pub(crate) fn junit(suite: &str, cases: &[Case]) -> String {
    let count =
        |is_meant: fn(&Said) -> bool| cases.iter().filter(|case| is_meant(&case.said)).count();
    let failures = count(|said| matches!(said, Said::Failed(_)));
    let errors = count(|said| matches!(said, Said::Undecided(_)));
    let skipped = count(|said| matches!(said, Said::Asked));
    let numbers = format!(
        "name=\"{suite}\" tests=\"{}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\"",
        cases.len()
    );
    let mut page = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"seawall\">\n  <testsuite {numbers}>\n"
    );
    for case in cases {
        let (name, place) = (escape_xml(&case.name), escape_xml(&case.place));
        page += &format!("    <testcase name=\"{name}\" classname=\"{place}\"");
        let element = |name: &str, text: &str| {
            let text = escape_xml(text);
            format!(">\n      <{name} message=\"{text}\"/>\n    </testcase>\n")
        };
        page += &match &case.said {
            Said::Met => "/>\n".to_owned(),
            Said::Failed(why) => element("failure", why),
            Said::Undecided(why) => element("error", why),
            Said::Asked => ">\n      <skipped/>\n    </testcase>\n".to_owned(),
        };
    }
    page + "  </testsuite>\n</testsuites>\n"
}
