#!/usr/bin/env python3
"""Bills of materials, held against the libraries of those who wrote the formats.

check.py SEAWALL FOLDER... writes a bill of each folder in every format. CycloneDX is validated against its JSON schema and
turned into XML by CycloneDX's own library, SPDX 2.3 is validated by SPDX's tools, SPDX 3.0 is read by the bindings that SPDX
generates from its model, which refuse types, properties and values that it does not have. Then each bill, the XML too, is read
again and has to list the same packages.
"""

import json
import logging
import subprocess
import sys
import tempfile
from pathlib import Path

from cyclonedx.model.bom import Bom
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from cyclonedx.validation.xml import XmlValidator
from spdx_python_model import v3_0_1
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

# Bills need no advisories, but the commands do.
ADVISORY = {
    "id": "OSV-2024-1",
    "modified": "2024-01-01T00:00:00Z",
    "affected": [{"package": {"ecosystem": "npm", "name": "nobody"}, "versions": ["1.0.0"]}],
}
XML_VERSIONS = [SchemaVersion.V1_4, SchemaVersion.V1_5, SchemaVersion.V1_6]
# What the library says of a bill that it writes: not ours.
logging.disable(logging.WARNING)


def run(seawall, *arguments):
    """What a command prints."""
    done = subprocess.run([seawall, *arguments], capture_output=True, text=True)
    if done.returncode not in (0, 1, 2) or not done.stdout:
        sys.exit(f"{' '.join(arguments)} ended with {done.returncode}: {done.stderr}")
    return done.stdout


def listed(seawall, *arguments):
    """The package URLs that a command lists."""
    report = json.loads(run(seawall, *arguments, "--format", "json", "--list-packages"))
    return sorted({package["purl"] for package in report["packages"]})


def check_cyclonedx(text):
    wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    assert wrong is None, f"CycloneDX: {wrong}"
    bom = Bom.from_json(json.loads(text))
    for version in XML_VERSIONS:
        xml = make_outputter(bom, OutputFormat.XML, version).output_as_string(indent=2)
        wrong = XmlValidator(version).validate_str(xml)
        assert wrong is None, f"XML of CycloneDX {version}: {wrong}"
        yield f"cyclonedx-{version.to_version()}.xml", xml


def check_spdx(path):
    wrong = validate_full_spdx_document(parse_file(str(path)))
    assert not wrong, f"SPDX 2.3: {wrong[:3]}"


def check_spdx3(path, count):
    objects = v3_0_1.SHACLObjectSet()
    with path.open("rb") as file:
        v3_0_1.JSONLDDeserializer().read(file, objects)
    missing = objects.link()
    assert not missing, f"SPDX 3.0: nothing has the ids {sorted(missing)[:3]}"
    packages = list(objects.foreach_type(v3_0_1.software_Package))
    assert len(packages) == count + 1, f"SPDX 3.0: {len(packages)} packages of {count} and the subject"
    with tempfile.TemporaryFile() as file:
        # Writing checks what reading leaves open: that nothing is missing.
        v3_0_1.JSONLDSerializer().write(objects, file)


def check(seawall, database, folder):
    source = ["fs", folder, "--no-secrets", "--db", database]
    packages = listed(seawall, *source)
    assert packages, f"{folder} has no packages"
    count = len(json.loads(run(seawall, *source, "--format", "json", "--list-packages"))["packages"])
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        bills = []
        for name, form in (("a.cdx.json", "cyclonedx"), ("a.spdx.json", "spdx"), ("a.spdx3.json", "spdx3")):
            bills.append(scratch / name)
            bills[-1].write_text(run(seawall, *source, "--format", form))
        for name, xml in check_cyclonedx(bills[0].read_text()):
            bills.append(scratch / name)
            bills[-1].write_text(xml)
        check_spdx(bills[1])
        check_spdx3(bills[2], count)
        for bill in bills:
            again = listed(seawall, "sbom", str(bill), "--db", database)
            assert again == packages, f"{bill.name} gives {len(again)} packages, not {len(packages)}"
    print(f"{folder}: {count} packages, {len(bills)} bills")


def main():
    seawall, *folders = sys.argv[1:]
    assert folders, __doc__
    with tempfile.TemporaryDirectory() as scratch:
        records = Path(scratch, "records")
        records.mkdir()
        (records / "a.json").write_text(json.dumps(ADVISORY))
        database = str(Path(scratch, "a.db"))
        run(seawall, "db", "build", "--osv", str(records), "--out", database)
        for folder in folders:
            check(seawall, database, folder)


main()
