#!/usr/bin/env python3
"""Asks each ecosystem's own tool for the order of made-up versions and writes one table a scheme.

  make_tables.py [SCHEME...]      all that can be asked, without names

Tools: dpkg · rpm (Debian's package) · libalpm (Debian's libalpm13) · php (version_compare) · ruby (Gem::Version) ·
node with npm's own `semver` · java with maven-artifact 3.8.5 and commons-lang3 in $MAVEN_JARS · a program of five
lines around Go's x/mod/semver in $GO_SEMVER · Python packages packaging==21.3 (the last that orders what PEP 440
refuses), conan 2.34, portage 3.0 on PYTHONPATH.
The versions are made from a fixed seed: neighbours that differ in one place, so that most pairs are close.
"""
import os, random, re, shutil, subprocess, sys, tempfile

ATOMS = {
    'deb': (['0', '1', '2', '10', '01', '00'], ['.', '-', '~', '+', 'a', 'b', 'rc', 'deb', ':', '~rc', 'ubuntu', '+dfsg-', '+b']),
    'rpm': (['0', '1', '2', '10', '01', '00'], ['.', '_', '~', '^', 'a', 'b', 'el', '-', '..', '~rc', '^git', '+', '.fc']),
    'alpm': (['0', '1', '2', '10', '01'], ['.', '_', 'a', 'rc', '-', '..', '.r', '+', '.b', 'alpha']),
    'packagist': (['0', '1', '2', '10', '01'], ['.', '-', '_', '+', 'a', 'alpha', 'beta', 'RC', 'rc', 'dev', 'pl', 'p', '.x', '-dev', 'foo', '-beta.']),
    'gem': (['0', '1', '2', '10', '01'], ['.', 'a', 'b', 'rc', '.a', '.pre', '-', '.0.', '.beta.']),
    'semver': (['0', '1', '2', '10'], None),
    'pep440': (['0', '1', '2', '10', '01'], ['.', 'a', 'b', 'rc', '.dev', '.post', '-', '+', 'c', '.rev', '_', '+local.', '!', 'alpha', '-bulba-', '.x', '.pre']),
    'maven': (['0', '1', '2', '10', '01'], ['.', '-', 'a', '-a', '-alpha-', '-beta', '-rc', '.rc', '.Final', '-sp', '-SNAPSHOT', '-jre', '.GA', '-0.', '-m', 'x', '.0']),
    'conan': (['0', '1', '2', '10', '01'], ['.', '-', '+', 'a', '.b', '-rc', '+b', '.rc1.', 'x']),
    'gentoo': (['0', '1', '2', '10', '01', '010', '001'], ['.', '.', '_p', '_rc', '_alpha', '-r', 'a', '_pre', '.0']),
}


def make(rng, scheme):
    numbers, joins = ATOMS[scheme]
    if scheme == 'semver':
        v = '.'.join(rng.choice(numbers) for _ in range(3))
        if rng.random() < 0.7:
            v += '-' + '.'.join(rng.choice(['0', '1', '2', '10', 'a', 'b', 'alpha', 'rc1', 'x-y', '0a', '-']) for _ in range(rng.randint(1, 3)))
        if rng.random() < 0.2:
            v += '+' + rng.choice(['1', 'b', 'a.1'])
        return v
    v = rng.choice(numbers)
    for _ in range(rng.randint(0, 4)):
        v += rng.choice(joins) + (rng.choice(numbers) if rng.random() < 0.85 else '')
    return v


def neighbour(rng, scheme, v):
    numbers, joins = ATOMS[scheme]
    if scheme == 'semver' or rng.random() < 0.15:
        return make(rng, scheme)
    at = rng.randint(1, len(v))
    part = rng.choice(numbers + joins)
    return v[:at] + part + (v[at:] if rng.random() < 0.5 else v[at + 1:])


def run(command, text, **kw):
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True, **kw).stdout.split('\n')


def pairs_text(pairs):
    return ''.join(f'{a} {b}\n' for a, b in pairs)


def ask_deb(pairs):
    def one(a, b):
        for sign, op in (('<', 'lt'), ('=', 'eq'), ('>', 'gt')):
            p = subprocess.run(['dpkg', '--compare-versions', a, op, b], capture_output=True, text=True)
            if p.stderr:
                return None  # a warning: not a valid version
            if p.returncode == 0:
                return sign
    return [one(a, b) for a, b in pairs]


def ask_rpm(pairs):
    # rpm.vercmp takes whole epoch:version-release labels.
    lua = 'for _, p in ipairs({%s}) do print(rpm.vercmp(p[1], p[2])) end' % ','.join('{"%s","%s"}' % p for p in pairs)
    with tempfile.NamedTemporaryFile('w', suffix='.lua') as f:
        f.write(lua)
        f.flush()
        return [sign(x) for x in run(['rpmlua', f.name] if shutil.which('rpmlua') else ['rpm', '--eval', '%{lua:' + lua + '}'], '')]


def ask_alpm(pairs):
    import ctypes
    alpm = ctypes.CDLL('libalpm.so.13')
    return [sign(alpm.alpm_pkg_vercmp(a.encode(), b.encode())) for a, b in pairs]


def ask_packagist(pairs):
    code = 'while ($l = fgets(STDIN)) { [$a, $b] = explode(" ", trim($l)); echo version_compare($a, $b), "\\n"; }'
    signs = [sign(x) for x in run(['php', '-r', code], pairs_text(pairs))]
    back = [sign(x) for x in run(['php', '-r', code], pairs_text([(b, a) for a, b in pairs]))]
    # A separator at the end makes both directions less.
    return [s if s and b and s != b or s == '=' else None for s, b in zip(signs, back)]


def ask_gem(pairs):
    code = 'STDIN.each { |l| a, b = l.split; begin; puts(Gem::Version.new(a) <=> Gem::Version.new(b)); rescue ArgumentError; puts "x"; end }'
    return [sign(x) for x in run(['ruby', '-e', code], pairs_text(pairs))]


def ask_semver(pairs):
    root = subprocess.run(['npm', 'root', '-g'], capture_output=True, text=True).stdout.strip()
    code = f'const s = require("{root}/npm/node_modules/semver"); require("fs").readFileSync(0, "utf8").trim().split("\\n").forEach(l => {{ const [a, b] = l.split(" "); try {{ console.log(s.compare(a, b)) }} catch {{ console.log("x") }} }})'
    npm = [sign(x) for x in run(['node', '-e', code], pairs_text(pairs))]
    go = [sign(x) for x in run([os.environ['GO_SEMVER']], pairs_text(pairs))]
    return [a if a == b else None for a, b in zip(npm, go)]


def ask_pep440(pairs):
    import warnings
    warnings.simplefilter('ignore')
    from packaging.version import parse
    def one(a, b):
        x, y = parse(a), parse(b)
        return '<' if x < y else '>' if x > y else '='
    return [one(a, b) for a, b in pairs]


def ask_maven(pairs):
    code = '''import org.apache.maven.artifact.versioning.ComparableVersion; import java.util.*;
    public class T { public static void main(String[] x) { Scanner s = new Scanner(System.in);
      while (s.hasNext()) System.out.println(new ComparableVersion(s.next()).compareTo(new ComparableVersion(s.next()))); } }'''
    with tempfile.TemporaryDirectory() as d:
        open(d + '/T.java', 'w').write(code)
        # An empty list in the middle (`1-0-rc`, `1--1`) is nothing in the specified order, but not to this release.
        return [None if re.search('(?i)-(0+|final|ga)?[-.]|-0+[a-z]|(ga|final)[0-9]', a + ' ' + b) else sign(x) for (a, b), x in zip(pairs, run(['java', '-cp', os.environ['MAVEN_JARS'], d + '/T.java'], pairs_text(pairs)))]


def ask_conan(pairs):
    from conan.internal.model.version import Version
    def one(a, b):
        x, y = Version(a), Version(b)
        # A sign before a number is no valid version, though Python reads it as one.
        return None if re.search('[-+][-+]', a + ' ' + b) else '=' if x == y else '<' if x < y else '>'
    return [one(a, b) for a, b in pairs]


def ask_gentoo(pairs):
    from portage.versions import vercmp
    def one(a, b):
        r = vercmp(a, b)
        return None if r is None else sign(r)
    return [one(a, b) for a, b in pairs]


def sign(x):
    try:
        n = float(x)
    except ValueError:
        return None
    return '<' if n < 0 else '>' if n > 0 else '='


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    for scheme in sys.argv[1:] or sorted(ATOMS):
        rng = random.Random('seawall ' + scheme)
        pairs = []
        for _ in range(1500):
            a = make(rng, scheme)
            pairs.append((a, neighbour(rng, scheme, a)))
        pairs = [p for p in dict.fromkeys(pairs) if ' ' not in ''.join(p)]
        lines = [f'{a} {s} {b}' for (a, b), s in zip(pairs, globals()['ask_' + scheme](pairs)) if s]
        # Ties and near ties say most; keep a size that a person can look through.
        with open(f'{here}/{scheme}.txt', 'w') as f:
            f.write('\n'.join(lines[:500]) + '\n')
        print(scheme, len(lines))


if __name__ == '__main__':
    main()
