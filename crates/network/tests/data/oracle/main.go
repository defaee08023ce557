// Prints random clusters, and what cyclonus' matcher says of every connection in them:
//
//	go run . > ../cyclonus.txt
//
// A case is a line `case` with one digit for each question, then one object a line.
package main

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"strings"

	"github.com/mattfenwick/cyclonus/pkg/matcher"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

var random = rand.New(rand.NewSource(4))

func labels() map[string]string {
	found := map[string]string{}
	for _, key := range []string{"a", "b"} {
		if value := random.Intn(4); value < 3 {
			found[key] = fmt.Sprintf("v%d", value)
		}
	}
	return found
}

func selector() metav1.LabelSelector {
	var found metav1.LabelSelector
	key := func() string { return []string{"a", "b"}[random.Intn(2)] }
	value := func() string { return fmt.Sprintf("v%d", random.Intn(3)) }
	switch random.Intn(5) {
	case 0, 1:
		found.MatchLabels = map[string]string{key(): value()}
	case 2, 3:
		operator := []metav1.LabelSelectorOperator{"In", "NotIn", "Exists", "DoesNotExist"}[random.Intn(4)]
		expression := metav1.LabelSelectorRequirement{Key: key(), Operator: operator}
		if operator == "In" || operator == "NotIn" {
			expression.Values = []string{value(), value()}
		}
		found.MatchExpressions = []metav1.LabelSelectorRequirement{expression}
		if operator == "NotIn" {
			// cyclonus does not select objects that lack the key; Kubernetes does.
			there := metav1.LabelSelectorRequirement{Key: expression.Key, Operator: "Exists"}
			found.MatchExpressions = append(found.MatchExpressions, there)
		}
	}
	return found
}

func peers() []networkingv1.NetworkPolicyPeer {
	var found []networkingv1.NetworkPolicyPeer
	for range random.Intn(3) {
		var peer networkingv1.NetworkPolicyPeer
		pods, namespaces := selector(), selector()
		switch random.Intn(4) {
		case 0:
			peer.PodSelector = &pods
		case 1:
			peer.NamespaceSelector = &namespaces
		case 2:
			peer.PodSelector, peer.NamespaceSelector = &pods, &namespaces
		case 3:
			blocks := []networkingv1.IPBlock{
				{CIDR: "0.0.0.0/0", Except: []string{"10.0.0.2/31", "192.0.2.0/24"}},
				{CIDR: "10.0.0.0/30"},
				{CIDR: "10.0.0.0/8", Except: []string{"10.0.0.1/32"}},
				{CIDR: "192.0.2.0/25"},
			}
			peer.IPBlock = &blocks[random.Intn(len(blocks))]
		}
		found = append(found, peer)
	}
	return found
}

func ports() []networkingv1.NetworkPolicyPort {
	var found []networkingv1.NetworkPolicyPort
	for range random.Intn(3) {
		protocol := []corev1.Protocol{"TCP", "TCP", "UDP"}[random.Intn(3)]
		entry := networkingv1.NetworkPolicyPort{Protocol: &protocol}
		switch random.Intn(4) {
		case 0:
			name := intstr.FromString("http")
			entry.Port = &name
		case 1:
			number := intstr.FromInt32(int32(80 + random.Intn(3)))
			entry.Port = &number
		case 2:
			number, end := intstr.FromInt32(int32(79+random.Intn(3))), int32(81+random.Intn(2))
			entry.Port, entry.EndPort = &number, &end
		}
		found = append(found, entry)
	}
	return found
}

func policy(namespace string) *networkingv1.NetworkPolicy {
	found := &networkingv1.NetworkPolicy{}
	found.Namespace = namespace
	found.Spec.PodSelector = selector()
	for range random.Intn(3) {
		found.Spec.Ingress = append(found.Spec.Ingress, networkingv1.NetworkPolicyIngressRule{From: peers(), Ports: ports()})
	}
	for range random.Intn(3) {
		found.Spec.Egress = append(found.Spec.Egress, networkingv1.NetworkPolicyEgressRule{To: peers(), Ports: ports()})
	}
	found.Spec.PolicyTypes = [][]networkingv1.PolicyType{{"Ingress"}, {"Egress"}, {"Ingress", "Egress"}}[random.Intn(3)]
	return found
}

type end struct {
	peer *matcher.TrafficPeer
	// The number of its port called http; 0 for none.
	http int
}

func object(kind, apiVersion, name, namespace string, labels map[string]string, more string) string {
	metadata := map[string]any{"name": name}
	if namespace != "" {
		metadata["namespace"] = namespace
	}
	if labels != nil {
		metadata["labels"] = labels
	}
	text, _ := json.Marshal(metadata)
	return fmt.Sprintf(`{"apiVersion":%q,"kind":%q,"metadata":%s%s}`, apiVersion, kind, text, more)
}

func main() {
	for range 60 {
		var lines []string
		var ends []end
		namespaces := []map[string]string{labels(), labels()}
		for number, labels := range namespaces {
			lines = append(lines, object("Namespace", "v1", fmt.Sprintf("n%d", number), "", labels, ""))
		}
		for number := range 4 {
			in, http := random.Intn(2), 80+random.Intn(3)
			address := fmt.Sprintf("10.0.0.%d", number)
			namespace, labels := fmt.Sprintf("n%d", in), labels()
			spec := fmt.Sprintf(`,"spec":{"containers":[{"name":"a","ports":[{"name":"http","containerPort":%d}]}]},"status":{"podIP":%q}`, http, address)
			lines = append(lines, object("Pod", "v1", fmt.Sprintf("p%d", number), namespace, labels, spec))
			internal := &matcher.InternalPeer{PodLabels: labels, NamespaceLabels: namespaces[in], Namespace: namespace}
			ends = append(ends, end{&matcher.TrafficPeer{Internal: internal, IP: address}, http})
		}
		ends = append(ends, end{&matcher.TrafficPeer{IP: "192.0.2.200"}, 0})
		var policies []*networkingv1.NetworkPolicy
		for number := range 3 {
			policy := policy(fmt.Sprintf("n%d", random.Intn(2)))
			policies = append(policies, policy)
			spec, _ := json.Marshal(policy.Spec)
			lines = append(lines, object("NetworkPolicy", "networking.k8s.io/v1", fmt.Sprintf("y%d", number), policy.Namespace, nil, `,"spec":`+string(spec)))
		}
		built := matcher.BuildNetworkPolicies(false, policies)
		var answers strings.Builder
		for from, source := range ends {
			for to, destination := range ends {
				if from == to {
					continue
				}
				for _, port := range []int{79, 80, 81, 82, 83} {
					for _, protocol := range []corev1.Protocol{"TCP", "UDP"} {
						name := ""
						if destination.http == port && protocol == "TCP" {
							name = "http"
						}
						traffic := &matcher.Traffic{Source: source.peer, Destination: destination.peer, ResolvedPort: port, ResolvedPortName: name, Protocol: protocol}
						answer := '0'
						if built.IsTrafficAllowed(traffic).IsAllowed() {
							answer = '1'
						}
						answers.WriteRune(answer)
					}
				}
			}
		}
		fmt.Println("case", answers.String())
		fmt.Println(strings.Join(lines, "\n"))
	}
}
