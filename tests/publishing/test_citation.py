from consilience.publishing.citation import citation_cff, citation_line

CFF = citation_cff(
    publisher='The "Towns" Coalition',
    title="Towns: 2024",
    version="1.0",
    released_on="2024-02-01",
    licence="CC-BY-4.0",
    lists=["A list (2024)"],
)


def test_the_file_names_what_the_format_asks_for():
    lines = CFF.splitlines()
    assert lines[0] == "cff-version: 1.2.0"
    for key in ("message", "title", "authors", "version", "date-released", "license", "references"):
        assert any(line.startswith(f"{key}:") for line in lines)


def test_quotes_and_colons_stay_inside_their_text():
    assert 'title: "Towns: 2024"' in CFF
    assert '- name: "The \\"Towns\\" Coalition"' in CFF


def test_the_line_names_the_exact_content():
    line = citation_line(publisher="P", title="T", version="1.0", released_on="2024-02-01", digest="ab" * 32)
    assert line == "P (2024). T, version 1.0. Release sha256:abababababababab."
