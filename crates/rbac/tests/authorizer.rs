//! Every answer of Kubernetes' own RBAC authorizer (`tests/data/oracle` prints the table).

use std::sync::Arc;

use document::{Keys, Limits, Source};
use model::{FieldKeys, Inventory};
use rbac::{Graph, Identity, Options, Request};

fn world(json: &str) -> Graph {
    let keys = Arc::new(Keys::new(rbac::key_names().chain(model::key_names())));
    let parsed = document::parse_json(Source::new("world.json", json), &keys, &Limits::default());
    assert_eq!(parsed.errors, []);
    let document = Arc::new(parsed.document);
    let fields = FieldKeys::new(&keys);
    let roots = document.roots();
    let resources = roots.flat_map(|root| model::recognise(&document, root, &fields).resources);
    let options = Options {
        default_roles: false,
        ..Options::default()
    };
    Graph::build(&Inventory::new(resources.collect()), &options)
}

#[test]
fn answers_are_those_of_the_authorizer() {
    let mut graph = None;
    let (mut questions, mut allowed) = (0, 0);
    for line in include_str!("data/authorizer.txt").lines() {
        if line.starts_with('{') {
            graph = Some(world(line));
            continue;
        }
        let graph = graph.as_ref().unwrap();
        let fields: Vec<&str> = line.split('\t').collect();
        let [
            user,
            groups,
            verb,
            group,
            resource,
            subresource,
            namespace,
            name,
            path,
            answer,
        ] = fields[..]
        else {
            panic!("not a question: {line}");
        };
        let groups: Vec<&str> = groups
            .split(',')
            .filter(|group| !group.is_empty())
            .collect();
        let request = match resource {
            "" => Request::url(verb, path),
            _ => Request::Resource {
                verb,
                group,
                resource,
                subresource,
                namespace,
                name,
            },
        };
        let identity = Identity {
            user,
            groups: &groups,
        };
        let decision = graph.can_as(&identity, &request);
        assert_eq!(decision.allowed, answer == "y", "{line}");
        let who = graph.who_can(&request);
        for grant in &decision.why {
            assert!(who.contains(&(grant.subject(), *grant)), "who_can: {line}");
        }
        questions += 1;
        allowed += usize::from(decision.allowed);
    }
    assert!(questions > 3000 && allowed > 1000, "{questions} {allowed}");
}
