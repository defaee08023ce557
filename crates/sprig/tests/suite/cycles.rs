//! Values that came to hold themselves are freed.

use std::rc::{Rc, Weak};

use gotemplate::{Data, Functions, Host, Map, Options, Set, Value};
use sprig::Environment;

/// Something that says whether it is still there.
struct Witness(#[expect(dead_code, reason = "only kept")] Rc<()>);

impl Host for Witness {
    fn type_name(&self) -> &'static str {
        "Witness"
    }
}

/// Renders with `.map`, `.list` and `.witness`, and says whether the witness is still there when all is dropped.
fn is_kept(template: &str) -> bool {
    let witness = Rc::new(());
    let weak: Weak<()> = Rc::downgrade(&witness);
    let mut functions = Functions::new();
    sprig::define(&mut functions, &Rc::new(Environment::seeded(1)));
    let mut set = Set::new(Rc::new(functions));
    set.parse("main", template).unwrap();
    let data = Map::from_iter([
        ("map", Value::from(Map::new())),
        ("witness", Value::new(Data::Host(Rc::new(Witness(witness))))),
    ]);
    set.execute("main", &data.into(), &Options::default())
        .unwrap_or_else(|error| panic!("{template}: {error}"));
    drop(set);
    weak.upgrade().is_some()
}

#[test]
fn maps_in_themselves_are_freed() {
    for template in [
        "{{ $_ := set $ \"x\" 1 }}",
        "{{ $_ := set $ \"x\" $ }}",
        "{{ $_ := set .map \"x\" $ }}",
        "{{ $_ := set .map \"x\" (list 1 (list $)) }}{{ $_ := set .map \"y\" .map }}",
        "{{ $_ := set .map \"x\" (dict \"a\" (dict \"b\" (list $ .map $))) }}",
        "{{ $_ := merge .map (dict \"a\" (dict \"b\" $)) }}",
        "{{ $_ := mergeOverwrite .map (dict \"map\" (dict \"b\" .map \"w\" .witness)) }}",
        "{{ $a := dict \"w\" .witness }}{{ $b := dict \"a\" $a }}{{ $_ := set $a \"b\" $b }}{{ $_ := set $b \"c\" $b }}",
        "{{ range until 100 }}{{ $_ := set $.map (toString .) (dict \"x\" $) }}{{ end }}",
        "{{ $a := dict \"w\" .witness }}{{ range until 100 }}{{ $a = dict \"a\" $a }}{{ $_ := set $a \"x\" $a.a }}{{ end }}{{ $_ := set $ \"x\" $a }}{{ $_ := set $a \"x\" $ }}",
    ] {
        assert!(!is_kept(template), "{template}");
    }
}

#[test]
fn what_is_no_cycle_stays() {
    let data = Map::from_iter([("map", Value::from(Map::new()))]);
    let mut functions = Functions::new();
    sprig::define(&mut functions, &Rc::new(Environment::seeded(1)));
    let mut set = Set::new(Rc::new(functions));
    let template = "{{ $d := dict \"a\" 1 }}{{ $_ := set .map \"d\" $d }}{{ $_ := set .map \"e\" (list $d $d) }}{{ $_ := set .map \"m\" $ }}";
    set.parse("main", template).unwrap();
    let value = Value::from(data.clone());
    set.execute("main", &value, &Options::default()).unwrap();
    drop(set);
    let json = sprig::json::encode(
        &data.into(),
        sprig::json::Format::default(),
        sprig::json::Budget::default(),
    );
    assert_eq!(
        json.unwrap(),
        r#"{"map":{"d":{"a":1},"e":[{"a":1},{"a":1}]}}"#
    );
}
