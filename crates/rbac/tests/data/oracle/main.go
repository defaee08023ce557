// Asks Kubernetes' own RBAC authorizer random questions about random objects, and prints both: the answers are
// what crates/rbac is tested against (`go run . > ../authorizer.txt`). Each world is one line of JSON (a List), then one line for each question:
// user, groups, verb, API group, resource, subresource, namespace, name, path and `y` or `n`, between tabs.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/kubernetes/pkg/registry/rbac/validation"
	"k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac"
)

const worlds, questions = 12, 270

var (
	verbs      = []string{"get", "list", "create", "delete", "*", "bind"}
	groups     = []string{"", "apps", "*", "batch"}
	resources  = []string{"pods", "pods/exec", "*/exec", "*", "secrets", "deployments", "deployments/scale", "*/scale", "pods/*", "*/*"}
	names      = []string{"a", "b", "*", ""}
	urls       = []string{"*", "/metrics", "/healthz/*", "/api", "/ap*", "/api/**", "/", "/*"}
	namespaces = []string{"n1", "n2", "n3"}
	users      = []string{"ann", "bob", "system:serviceaccount:n1:s1", "system:serviceaccount:n2:s1", "system:anonymous"}
	userGroups = []string{"devs", "ops", "system:authenticated", "system:unauthenticated", "system:serviceaccounts", "system:serviceaccounts:n1"}
)

func one(r *rand.Rand, from []string) string { return from[r.Intn(len(from))] }

func some(r *rand.Rand, from []string, min, max int) []string {
	var list []string
	for n := min + r.Intn(max-min+1); n > 0; n-- {
		list = append(list, one(r, from))
	}
	return list
}

func rules(r *rand.Rand, cluster bool) []rbacv1.PolicyRule {
	list := []rbacv1.PolicyRule{}
	for n := 1 + r.Intn(3); n > 0; n-- {
		if cluster && r.Intn(4) == 0 {
			list = append(list, rbacv1.PolicyRule{Verbs: some(r, verbs, 1, 2), NonResourceURLs: some(r, urls, 1, 2)})
			continue
		}
		rule := rbacv1.PolicyRule{Verbs: some(r, verbs, 1, 2), APIGroups: some(r, groups, 1, 2), Resources: some(r, resources, 1, 2)}
		if r.Intn(3) == 0 {
			rule.ResourceNames = some(r, names, 1, 2)
		}
		list = append(list, rule)
	}
	return list
}

func subjects(r *rand.Rand) []rbacv1.Subject {
	var list []rbacv1.Subject
	for n := 1 + r.Intn(3); n > 0; n-- {
		switch r.Intn(3) {
		case 0:
			list = append(list, rbacv1.Subject{Kind: "User", APIGroup: rbacv1.GroupName, Name: one(r, users)})
		case 1:
			list = append(list, rbacv1.Subject{Kind: "Group", APIGroup: rbacv1.GroupName, Name: one(r, userGroups)})
		default:
			list = append(list, rbacv1.Subject{Kind: "ServiceAccount", Name: one(r, []string{"s1", "s2"}), Namespace: one(r, []string{"", "n1", "n2"})})
		}
	}
	return list
}

type world struct {
	roles               []*rbacv1.Role
	roleBindings        []*rbacv1.RoleBinding
	clusterRoles        []*rbacv1.ClusterRole
	clusterRoleBindings []*rbacv1.ClusterRoleBinding
}

func selector(r *rand.Rand, layer int) metav1.LabelSelector {
	key := fmt.Sprintf("layer-%d", layer)
	operators := []metav1.LabelSelectorOperator{metav1.LabelSelectorOpIn, metav1.LabelSelectorOpNotIn, metav1.LabelSelectorOpExists}
	selector := metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{Key: key, Operator: metav1.LabelSelectorOpExists}}}
	switch r.Intn(3) {
	case 0:
		return metav1.LabelSelector{MatchLabels: map[string]string{key: one(r, []string{"x", "y"})}}
	case 1:
		expression := metav1.LabelSelectorRequirement{Key: "team", Operator: operators[r.Intn(3)]}
		if expression.Operator != metav1.LabelSelectorOpExists {
			expression.Values = some(r, []string{"red", "blue"}, 1, 2)
		}
		selector.MatchExpressions = append(selector.MatchExpressions, expression)
	default:
		selector.MatchExpressions = append(selector.MatchExpressions, metav1.LabelSelectorRequirement{Key: "team", Operator: metav1.LabelSelectorOpDoesNotExist})
	}
	return selector
}

func build(r *rand.Rand) *world {
	w := &world{}
	for n := 0; n < 9; n++ {
		layer := n / 5
		meta := metav1.ObjectMeta{Name: fmt.Sprintf("c%d", n), Labels: map[string]string{}}
		if r.Intn(4) > 0 {
			meta.Labels[fmt.Sprintf("layer-%d", layer)] = one(r, []string{"x", "y"})
		}
		if r.Intn(2) == 0 {
			meta.Labels["team"] = one(r, []string{"red", "blue", "green"})
		}
		role := &rbacv1.ClusterRole{TypeMeta: metav1.TypeMeta{Kind: "ClusterRole", APIVersion: "rbac.authorization.k8s.io/v1"}, ObjectMeta: meta, Rules: rules(r, true)}
		// The first layer is written, the others aggregate the layer below.
		if layer > 0 {
			role.AggregationRule = &rbacv1.AggregationRule{ClusterRoleSelectors: []metav1.LabelSelector{selector(r, layer-1), selector(r, layer-1)}}
			role.Rules = nil
		}
		w.clusterRoles = append(w.clusterRoles, role)
	}
	for _, namespace := range namespaces {
		for n := 0; n < 3; n++ {
			meta := metav1.ObjectMeta{Name: fmt.Sprintf("r%d", n), Namespace: namespace}
			w.roles = append(w.roles, &rbacv1.Role{TypeMeta: metav1.TypeMeta{Kind: "Role", APIVersion: "rbac.authorization.k8s.io/v1"}, ObjectMeta: meta, Rules: rules(r, false)})
			reference := rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: fmt.Sprintf("r%d", r.Intn(4))}
			if r.Intn(2) == 0 {
				reference = rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: fmt.Sprintf("c%d", r.Intn(11))}
			}
			w.roleBindings = append(w.roleBindings, &rbacv1.RoleBinding{TypeMeta: metav1.TypeMeta{Kind: "RoleBinding", APIVersion: "rbac.authorization.k8s.io/v1"}, ObjectMeta: meta, Subjects: subjects(r), RoleRef: reference})
		}
	}
	for n := 0; n < 4; n++ {
		reference := rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: fmt.Sprintf("c%d", r.Intn(11))}
		w.clusterRoleBindings = append(w.clusterRoleBindings, &rbacv1.ClusterRoleBinding{TypeMeta: metav1.TypeMeta{Kind: "ClusterRoleBinding", APIVersion: "rbac.authorization.k8s.io/v1"}, ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("b%d", n)}, Subjects: subjects(r), RoleRef: reference})
	}
	return w
}

func (w *world) print(out *bufio.Writer) {
	items := []any{}
	for _, object := range w.clusterRoles {
		items = append(items, object)
	}
	for _, object := range w.roles {
		items = append(items, object)
	}
	for _, object := range w.roleBindings {
		items = append(items, object)
	}
	for _, object := range w.clusterRoleBindings {
		items = append(items, object)
	}
	text, err := json.Marshal(map[string]any{"apiVersion": "v1", "kind": "List", "items": items})
	if err != nil {
		panic(err)
	}
	fmt.Fprintf(out, "%s\n", text)
}

// aggregate does what the aggregation controller does, layer by layer.
func (w *world) aggregate() {
	for _, role := range w.clusterRoles {
		if role.AggregationRule == nil {
			continue
		}
		for _, one := range role.AggregationRule.ClusterRoleSelectors {
			selector, err := metav1.LabelSelectorAsSelector(&one)
			if err != nil {
				panic(err)
			}
			for _, other := range w.clusterRoles {
				if other.Name != role.Name && selector.Matches(labels.Set(other.Labels)) {
					role.Rules = append(role.Rules, other.Rules...)
				}
			}
		}
	}
}

func main() {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	r := rand.New(rand.NewSource(4))
	for n := 0; n < worlds; n++ {
		w := build(r)
		w.print(out)
		w.aggregate()
		_, static := validation.NewTestRuleResolver(w.roles, w.roleBindings, w.clusterRoles, w.clusterRoleBindings)
		rules := rbac.New(static, static, static, static)
		for m := 0; m < questions; {
			who := &user.DefaultInfo{Name: one(r, users), Groups: some(r, userGroups, 0, 2)}
			request := authorizer.AttributesRecord{User: who, Verb: one(r, verbs), ResourceRequest: r.Intn(5) > 0}
			if request.ResourceRequest {
				request.APIGroup = one(r, groups)
				request.Resource = one(r, []string{"pods", "secrets", "deployments", "*"})
				request.Subresource = one(r, []string{"", "", "exec", "scale", "*"})
				request.Namespace = one(r, []string{"", "n1", "n2", "n3"})
				request.Name = one(r, names)
			} else {
				request.Path = one(r, []string{"/metrics", "/healthz", "/healthz/etcd", "/api", "/apis", "/", "/api/v1", "", "/x", "*"})
			}
			decision, _, _ := rules.Authorize(context.Background(), request)
			answer := "n"
			if decision == authorizer.DecisionAllow {
				answer = "y"
			} else if r.Intn(8) > 0 {
				// Most random requests are denied; few of those are enough.
				continue
			}
			m++
			fmt.Fprintln(out, strings.Join([]string{who.Name, strings.Join(who.Groups, ","), request.Verb, request.APIGroup, request.Resource, request.Subresource, request.Namespace, request.Name, request.Path, answer}, "\t"))
		}
	}
}
