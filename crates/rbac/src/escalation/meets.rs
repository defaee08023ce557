//! Which requests of the patterns a single rule allows: for whoever joins rules in a way of its own.

use super::{Escalator, Pattern, patterns};
use crate::tables::RuleId;

impl Escalator<'_> {
    /// The needs of patterns that a rule meets, wherever it is granted: each pattern, and the position of the need
    /// among its needs.
    pub fn meets(&self, rule: RuleId) -> Vec<(&'static Pattern, usize)> {
        let met = self.memory.met_by(rule, self.graph);
        let patterns = patterns().zip(self.memory.needs.of_patterns());
        let needs = patterns.flat_map(|(pattern, needs)| {
            let own = needs.numbers.clone().enumerate();
            own.map(move |(position, need)| (pattern, position, need))
        });
        needs
            .filter(|&(_, _, need)| met.contains(need))
            .map(|(pattern, position, _)| (pattern, position))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::graph;
    use crate::{EscalationMemory, Escalator};

    #[test]
    fn a_rule_meets_the_needs_that_it_allows() {
        let graph = graph(
            "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: binder}
rules:
  - {apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind], resourceNames: [edit]}
",
        );
        let memory = EscalationMemory::new(&graph);
        let role = graph.find_role(None, "binder").unwrap();
        let bind = graph.rules(role)[0];
        let met = Escalator::new(&graph, &memory).meets(bind);
        let ids: Vec<_> = met.iter().map(|(one, need)| (one.id, *need)).collect();
        assert_eq!(
            ids,
            [
                ("clusterrolebindings-bind", 0),
                ("rolebindings-bind-clusterroles", 0)
            ]
        );
        assert!(graph.object_names(bind).eq(["edit"]));
        assert!(graph.resources(bind).eq(["clusterroles"]));
    }
}
