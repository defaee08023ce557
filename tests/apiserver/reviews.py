"""Answers about permissions, held against a real API server's own.

    reviews.py SEAWALL TESTSERVER [SEED...]

Random roles (aggregated ones too, over several steps), bindings and subjects are made in the server, beside those that
every cluster has. What the server gives back of them is what `seawall rbac check` reads. Both are asked the same random
`SubjectAccessReviews`, about half of which are allowed; they must say the same to every one.
"""

import concurrent.futures
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import threading
import time

from policies import PATIENCE, Server

RBAC = "/apis/rbac.authorization.k8s.io/v1"
REVIEWS = "/apis/authorization.k8s.io/v1/subjectaccessreviews"
QUESTIONS = 4000
CLIENTS = 8

VERBS = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "bind", "impersonate", "use"]
GROUPS = ["", "apps", "batch", "example.com", "rbac.authorization.k8s.io"]
RESOURCES = ["pods", "secrets", "deployments", "jobs", "widgets", "roles", "nodes", "namespaces", "serviceaccounts"]
SUBRESOURCES = ["status", "scale", "exec", "log", "token", "a/b"]
NAMES = ["web", "db", "web-1", "*", ""]
NAMESPACES = ["n1", "n2", "n3", "default", "kube-system"]
URLS = ["*", "/metrics", "/metrics/*", "/healthz", "/healthz*", "/api/*", "/api/v1/*", "/", "/logs/*"]
PATHS = ["/metrics", "/metrics/", "/metrics/cadvisor", "/healthz", "/healthz/etcd", "/api", "/api/", "/api/v1/pods", "/", "/logs/a", "/version", "*", "/metrics/*"]
ACCOUNTS = ["web", "ci", "default"]
USERS = ["ann", "bob", "system:anonymous", "system:kube-scheduler", "system:serviceaccount:n1:web"]
USER_GROUPS = ["devs", "ops", "system:authenticated", "system:unauthenticated", "system:serviceaccounts", "system:serviceaccounts:n1", "system:monitoring"]
LABELS = ["red", "blue", "green"]


def some(among, most=2):
    return random.sample(among, random.randint(1, most))


def rule():
    """A rule of a role; its lists are short, so that near misses are many."""
    if random.random() < 0.2:
        return {"verbs": some([*VERBS[:4], "*"]), "nonResourceURLs": some(URLS)}
    resources = []
    for _ in range(random.randint(1, 3)):
        part = random.choice(["", "", "", *SUBRESOURCES])
        resource = random.choice([*RESOURCES, *RESOURCES, "*"])
        resources.append(f"{resource}/{part}" if part else resource)
    made = {
        "verbs": some([*VERBS, "*"] if random.random() < 0.3 else VERBS, 3),
        "apiGroups": some([*GROUPS, "*"] if random.random() < 0.3 else GROUPS),
        "resources": resources,
    }
    if random.random() < 0.3:
        made["resourceNames"] = some(NAMES[:4])
    return made


def role(namespace, number):
    metadata = {"name": f"r{number}", "labels": {"test": "reviews"}}
    rules = [rule() for _ in range(random.randint(0, 3))]
    if namespace:
        return {"metadata": {**metadata, "namespace": namespace}, "rules": [it for it in rules if "resources" in it]}
    made = {"metadata": metadata, "rules": rules}
    if random.random() < 0.6:
        metadata["labels"]["team"] = random.choice(LABELS)
    if random.random() < 0.35:
        selectors = [
            random.choice(
                [
                    {"matchLabels": {"team": random.choice(LABELS)}},
                    {"matchExpressions": [{"key": "team", "operator": "In", "values": some(LABELS)}]},
                    {"matchLabels": {"test": "reviews"}, "matchExpressions": [{"key": "team", "operator": "DoesNotExist"}]},
                ]
            )
            for _ in range(random.randint(1, 2))
        ]
        made["aggregationRule"] = {"clusterRoleSelectors": selectors}
        if random.random() < 0.2:
            # Into a role that every cluster has.
            metadata["labels"][f"rbac.authorization.k8s.io/aggregate-to-{random.choice(['view', 'edit'])}"] = "true"
    return made


def subject():
    kind = random.choice(["User", "Group", "ServiceAccount"])
    if kind == "ServiceAccount":
        return {"kind": kind, "name": random.choice(ACCOUNTS), "namespace": random.choice(NAMESPACES[:4])}
    name = random.choice(USERS if kind == "User" else USER_GROUPS)
    return {"kind": kind, "name": name, "apiGroup": "rbac.authorization.k8s.io"}


def binding(namespace, number, roles):
    kind = "ClusterRole" if namespace is None or random.random() < 0.5 else "Role"
    name = random.choice(["view", "edit", "admin", "system:discovery", "cluster-admin", "gone"] if random.random() < 0.1 else roles)
    metadata = {"name": f"b{number}", **({"namespace": namespace} if namespace else {})}
    subjects = [subject() for _ in range(random.randint(1, 2))]
    return {"metadata": metadata, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": name}, "subjects": subjects}


def make(server):
    """Fills the server."""
    for namespace in NAMESPACES[:3]:
        server.namespace(namespace)
    roles = [f"r{number}" for number in range(30)]

    def post(plural, made):
        namespace = made["metadata"].get("namespace")
        prefix = f"{RBAC}/namespaces/{namespace}" if namespace else RBAC
        status, answer = server.call("POST", f"{prefix}/{plural}", made)
        assert status == 201, answer

    for number, _ in enumerate(roles):
        post("clusterroles", role(None, number))
        for namespace in random.sample(NAMESPACES, 2):
            post("roles", role(namespace, number))
    for number in range(25):
        post("clusterrolebindings", binding(None, number, roles))
    for number in range(90):
        post("rolebindings", binding(random.choice(NAMESPACES), number, roles))
    settle(server)
    # What was made before is seen when this is: each kind is watched in the order of its changes.
    read = [{"verbs": ["get"], "apiGroups": ["sentinel"], "resources": ["sentinels"]}]
    one = [{"kind": "User", "name": "sentinel", "apiGroup": "rbac.authorization.k8s.io"}]
    reference = {"apiGroup": "rbac.authorization.k8s.io", "name": "sentinel"}
    post("clusterroles", {"metadata": {"name": "sentinel"}, "rules": read})
    post("roles", {"metadata": {"name": "sentinel", "namespace": "n1"}, "rules": read})
    post("clusterrolebindings", {"metadata": {"name": "sentinel"}, "roleRef": {**reference, "kind": "ClusterRole"}, "subjects": one})
    post("rolebindings", {"metadata": {"name": "sentinel", "namespace": "n1"}, "roleRef": {**reference, "kind": "Role"}, "subjects": [{**one[0], "name": "sentinel2"}]})
    deadline = time.monotonic() + PATIENCE
    for user in ["sentinel", "sentinel2"]:
        asked = {"user": user, "resourceAttributes": {"verb": "get", "group": "sentinel", "resource": "sentinels", "namespace": "n1"}}
        while not server.call("POST", REVIEWS, {"spec": asked})[1]["status"]["allowed"]:
            assert time.monotonic() < deadline, f"the server does not know {user}"
            time.sleep(0.1)


def settle(server):
    """Waits until every aggregated role has the rules of those that it selects."""
    deadline = time.monotonic() + PATIENCE
    before = None
    while True:
        roles = server.call("GET", f"{RBAC}/clusterroles")[1]["items"]
        if roles == before and all(has_all(one, roles) for one in roles if "aggregationRule" in one):
            return
        before = roles
        assert time.monotonic() < deadline, "the roles were not aggregated"
        time.sleep(0.5)


def has_all(one, roles):
    texts = lambda role: {json.dumps(rule, sort_keys=True) for rule in role.get("rules") or []}
    wanted = set()
    for other in roles:
        labels = other["metadata"].get("labels", {})
        selectors = one["aggregationRule"].get("clusterRoleSelectors", [])
        if other is not one and any(selects(selector, labels) for selector in selectors):
            wanted |= texts(other)
    return texts(one) == wanted


def selects(selector, labels):
    operators = {
        "In": lambda own, it: own in it["values"],
        "DoesNotExist": lambda own, it: own is None,
    }
    exact = all(labels.get(key) == value for key, value in selector.get("matchLabels", {}).items())
    return exact and all(operators[it["operator"]](labels.get(it["key"]), it) for it in selector.get("matchExpressions", []))


def export(server):
    """All roles and bindings as the server gives them; what changes without a meaning left out."""
    items = []
    for plural, kind in [("roles", "Role"), ("clusterroles", "ClusterRole"), ("rolebindings", "RoleBinding"), ("clusterrolebindings", "ClusterRoleBinding")]:
        for item in server.call("GET", f"{RBAC}/{plural}")[1]["items"]:
            for key in ["resourceVersion", "managedFields"]:
                item["metadata"].pop(key, None)
            items.append({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": kind, **item})
    return {"apiVersion": "v1", "kind": "List", "items": items}


def questions(items):
    """Reviews around what is granted, most of them changed in one or two respects."""
    kinds = lambda kind: [item for item in items if item["kind"] == kind]
    rules = {(it["kind"], it["metadata"].get("namespace"), it["metadata"]["name"]): it.get("rules") or [] for it in items if it["kind"].endswith("Role")}
    bindings = kinds("RoleBinding") + kinds("ClusterRoleBinding")
    granted = []
    for one in bindings:
        namespace = one["metadata"].get("namespace")
        of = one["roleRef"]["kind"]
        own = rules.get((of, namespace if of == "Role" else None, one["roleRef"]["name"]), [])
        granted.extend((who, namespace, rule) for who in one.get("subjects") or [] for rule in own)
    while True:
        who, namespace, rule = random.choice(granted)
        yield {"spec": spec(who, namespace, rule)}


def maybe(chance, other, value):
    return random.choice(other) if random.random() < chance else value


def spec(who, namespace, rule):
    groups = random.sample(["system:authenticated", "devs", "others"], random.randint(0, 2))
    if who["kind"] == "ServiceAccount":
        user = f"system:serviceaccount:{who['namespace']}:{maybe(0.1, ACCOUNTS, who['name'])}"
    elif who["kind"] == "User":
        user = maybe(0.1, USERS, who["name"])
    else:
        user = random.choice([*USERS, "nobody"])
        groups.append(maybe(0.1, USER_GROUPS, who["name"]))
    if random.random() < 0.01:
        groups.append("system:masters")
    asked = {"user": user, "groups": groups}
    verb = random.choice(rule["verbs"])
    verb = maybe(0.15, VERBS, random.choice([*VERBS, "other"]) if verb == "*" else verb)
    if "nonResourceURLs" in rule:
        url = random.choice(rule["nonResourceURLs"])
        path = url.rstrip("*") + random.choice(["", "x", "x/y", "/"]) if url.endswith("*") else url
        return {**asked, "nonResourceAttributes": {"verb": verb, "path": maybe(0.25, PATHS, path)}}
    group = random.choice(rule.get("apiGroups", [""]))
    resource, _, part = random.choice(rule["resources"]).partition("/")
    names = rule.get("resourceNames", [])
    attributes = {
        "verb": verb,
        "group": maybe(0.1, [*GROUPS, "other.io"], random.choice([*GROUPS, "other.io"]) if group == "*" else group),
        "resource": maybe(0.1, [*RESOURCES, "*"], random.choice(RESOURCES) if resource == "*" else resource),
        "subresource": maybe(0.1, ["", *SUBRESOURCES, "*"], part),
        "namespace": maybe(0.15, [*NAMESPACES, ""], namespace or random.choice([*NAMESPACES, ""])),
        "name": maybe(0.2, NAMES, random.choice(names or NAMES)),
    }
    return {**asked, "resourceAttributes": {key: value for key, value in attributes.items() if value}}


def ask_server(server, reviews):
    """What the server says to each review."""
    own = threading.local()

    def ask(review):
        if not hasattr(own, "connection"):
            own.connection = server.another()
        return own.connection.call("POST", REVIEWS, review)

    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as clients:
        answers = list(clients.map(ask, reviews))
    for review, (status, answer) in zip(reviews, answers, strict=True):
        assert status == 201, (review, answer)
        assert not answer["status"].get("evaluationError", "").startswith("error"), answer
    return [answer["status"]["allowed"] for _, answer in answers]


def ask_seawall(seawall, folder, objects, reviews):
    """What seawall says to each review."""
    kind = {"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview"}
    (folder / "objects.json").write_text(json.dumps(objects))
    (folder / "reviews.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": [{**kind, **it} for it in reviews]}))
    command = [seawall, "rbac", "check", "reviews.json", "objects.json", "--complete", "--no-config", "--format", "json"]
    done = subprocess.run(command, capture_output=True, check=False, cwd=folder)
    assert done.returncode == 0 and not done.stderr, done.stderr.decode()
    answers = [it["allowed"] for it in json.loads(done.stdout)["reviews"]]
    assert set(answers) <= {"yes", "no"}, "seawall could not decide"
    return [answer == "yes" for answer in answers]


def round_of(seawall, testserver, seed):
    """Complaints, questions and yes-answers of one filled server."""
    random.seed(seed)
    # Unix sockets in it have short paths only.
    with tempfile.TemporaryDirectory(prefix="sar", dir="/tmp") as folder:
        folder = pathlib.Path(folder)
        server = Server(testserver, folder)
        try:
            make(server)
            objects = export(server)
            made = questions(objects["items"])
            reviews = [next(made) for _ in range(QUESTIONS)]
            said = ask_server(server, reviews)
            assert export(server) == objects, "the server changed what it was asked about"
        finally:
            server.process.stdin.close()
            server.process.wait()
        ours = ask_seawall(seawall, folder, objects, reviews)
        complaints = [
            f"seed {seed}: the server says {its}, seawall {own}: {json.dumps(review['spec'])}"
            for review, its, own in zip(reviews, said, ours, strict=True)
            if its != own
        ]
        return complaints, len(reviews), sum(said)


def main(seawall, testserver, *seeds):
    seawall, testserver = (pathlib.Path(it).resolve() for it in (seawall, testserver))
    complaints, asked, allowed = [], 0, 0
    for seed in map(int, seeds or ["1", "2"]):
        own, number, yes = round_of(seawall, testserver, seed)
        complaints += own
        asked += number
        allowed += yes
    print(f"{asked} reviews, {allowed} allowed, {len(complaints)} answered differently")
    print("\n".join(complaints[:20]))
    assert 0.3 * asked < allowed < 0.8 * asked, "the questions are too easy"
    return bool(complaints)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
