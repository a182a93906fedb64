"""Cypher queries that are allowed, refused, or generated in between."""

import re

from hypothesis import strategies as st

# Each is understood by the server too, which a test below shows.
ALLOWED = (
    "RETURN 1",
    "RETURN 1;",
    "MATCH (n) RETURN n LIMIT 5",
    "MATCH (a:Person)-[r:KNOWS]->(b:Person) RETURN count(r)",
    "MATCH (a)-[:KNOWS]->{1,3}(b) RETURN DISTINCT b.name AS name ORDER BY name DESC SKIP 1 LIMIT 10",
    "MATCH p = (a:Person)-[:KNOWS]-+(b:Person) WHERE a.name < b.name RETURN length(p)",
    "MATCH p = allShortestPaths((a:Person)-[:KNOWS|OWNS*]-(b:Car)) RETURN [n IN nodes(p) | n.name] AS names",
    "MATCH (a:Person {name: $name}) (()-[r:KNOWS WHERE r.since > 1]-()){1,6} (b:Person) RETURN b",
    "MATCH (a)((x)-[r:KNOWS]-(y) WHERE x.name < y.name){1,3}(b) RETURN [each IN r | each.since] AS since",
    "MATCH p = shortestPath((a:Person {name: 'Ann'})-[:KNOWS*..5]-(b:Person {name: 'Cas'})) RETURN length(p)",
    "MATCH p = shortestPath((a {name: 'Ann'})-[*..8]-(b:Car)) WHERE all(r IN relationships(p) WHERE r.x = 1) RETURN p",
    "MATCH (a)-[*1..2]-(b), (c)-[:OWNS*2]->(d) RETURN *",
    "MATCH (a WHERE a.name = 'Ann')-[r WHERE r.since > 0]->(b {name: $name}) RETURN a, r, b",
    "MATCH (a:Person|Car&!Boat) WHERE a:Person AND NOT a:Car|Boat RETURN labels(a)",
    "MATCH (a)-->(b)<--(c)--(d) WHERE NOT (a)-[:OWNS]->() RETURN a.name",
    "MATCH (a) WHERE EXISTS { (a)-[:KNOWS]->(b) WHERE b.name STARTS WITH 'B' } RETURN a.name",
    "MATCH (a) WHERE EXISTS { MATCH (a)-[:OWNS]->(c) RETURN c } RETURN COUNT { (a)--() } AS n",
    "MATCH (a) RETURN COLLECT { MATCH (a)--(b) RETURN b.name ORDER BY b.name LIMIT 2 } AS names",
    "OPTIONAL MATCH (n:Person) WHERE n.name ENDS WITH 'x' OR n.name CONTAINS 'y' XOR n.name IN ['z'] RETURN n",
    "MATCH (n) WHERE n.name IS NOT NULL AND n.age IS NULL RETURN n.name[0..1], n['name'], keys(n)[..2], labels(n)[0]",
    "MATCH (n) WITH n.name AS name, count(*) AS c WHERE c > 0 RETURN collect(DISTINCT name) AS names",
    "MATCH (n) WITH DISTINCT n ORDER BY n.name OFFSET 1 LIMIT 2 RETURN n {.name, .*, twice: n.age * 2} AS n",
    "UNWIND range(1, 3) AS i RETURN i UNION ALL RETURN 4 AS i",
    "UNWIND $rows AS row WITH *, 1 AS one RETURN row.a + one AS sum UNION RETURN 2 AS sum",
    "RETURN CASE 1 WHEN 1, 2 THEN 'few' ELSE 'many' END AS a, CASE WHEN true THEN 1 END AS b",
    "RETURN [x IN [1, 2, 3] WHERE x % 2 = 1 | x ^ 2] AS odd, any(x IN [1] WHERE x = 1) AS some, {a: [], b: {}} AS c",
    "MATCH (a) RETURN [(a)-[r]->(b) WHERE b.name > 'A' | b.name] AS names, [p = (a)--(b) | length(p)] AS lengths",
    "RETURN date('2020-01-31') + duration({days: 1}) AS d, datetime('2020-01-31T00:00Z').year AS y",
    "RETURN date.truncate('month', date('2020-01-31')) AS m, duration.between(date(), date()).days AS none",
    "RETURN point.distance(point({x: 1, y: 2}), point({x: 1, y: 3})) < 2 AS near",
    "RETURN toLower('A') || upper('b') AS t, -1 - -2, 1.5e3, .5, 0x1F, 1 <> 2, NOT false, 5 / 2",
    "MATCH (start)-[r]->(end) RETURN start.name AS order, end.name AS offset, type(r) AS count",
    'MATCH (n:`Odd Label`) WHERE n.`p q` = "it\'s" RETURN n.order, {match: 1}.match',
    "MATCH (n) /* CREATE (m) */ RETURN n.name AS `SET x` // DELETE n\r\n\tORDER BY `SET x`",
    "MATCH (a), (b) WHERE toLower(a.name) CONTAINS toLower(b.name + $name) RETURN a.name + ' (' + b.name + ')' AS both",
    "MATCH (a) RETURN replace(replace(a.name, 'nn', 'n'), '-', '') AS name, split(a.name, 'n')[0] AS first",
    "MATCH (a)--(b) WITH a, collect(b.name) AS names, collect(b) AS others RETURN a.name + size(names) AS told,"
    " [n IN [a.name] WHERE n IN names] AS some, [n IN others WHERE n.name IN [$name] | n {.name, l: 1}] AS shown",
    "MATCH (a)--(b) WITH a, collect({b: b.name}) AS near WITH collect({a: a.name, near: near}) AS all"
    " UNWIND all AS each RETURN each.a AS a, [n IN each.near | n.b] AS b",
    "RETURN 'CREATE \\'(n)\\' // \u200dظهير' AS text, \"/*\" AS other, '\\\\' AS more",
)

# With a part of the reason.
REFUSALS = {
    "": "its end is not understood",
    "CREATE (n)": "CREATE is not allowed",
    "MATCH (n) SET n.x = 1": "SET is not allowed",
    "MATCH (n) DETACH DELETE n": "DETACH is not allowed",
    "MATCH (n) REMOVE n.x RETURN n": "REMOVE is not allowed",
    "MATCH (n) MERGE (n)-[:X]->(m)": "MERGE is not allowed",
    "INSERT (n)": "INSERT is not allowed",
    "MATCH (n) FOREACH (x IN [1] | CREATE (m))": "FOREACH is not allowed",
    "CALL db.labels()": "CALL is not allowed",
    "MATCH (n) CALL (n) { RETURN 1 AS x } RETURN x": "CALL is not allowed",
    "MATCH (n) CALL (n) { DELETE n } IN TRANSACTIONS": "CALL is not allowed",
    "LOAD CSV FROM 'http://localhost/x' AS line RETURN line": "LOAD is not allowed",
    "USE system MATCH (n) RETURN n": "USE is not allowed",
    "SHOW USERS": "SHOW is not allowed",
    "TERMINATE TRANSACTIONS 'x'": "TERMINATE is not allowed",
    "PROFILE MATCH (n) RETURN n": "PROFILE is not allowed",
    "/**/ explain RETURN 1": "explain is not allowed",
    "CYPHER 25 RETURN 1": "CYPHER is not allowed",
    "MATCH (n) WHERE EXISTS { CREATE (m) } RETURN n": "CREATE is not allowed",
    "DROP INDEX x": "DROP is not allowed",
    "ALTER USER neo4j": "ALTER is not allowed",
    "START DATABASE x": "START is not understood",
    "MATCH (n) LET x = 1 RETURN x": "LET is not understood",
    "MATCH (n) FILTER n.x = 1 RETURN n": "FILTER is not understood",
    "MATCH (n) RETURN n NEXT RETURN n": "NEXT is not understood",
    "MATCH (n) FINISH": "FINISH is not understood",
    "WHEN true THEN RETURN 1": "WHEN is not understood",
    "RETURN 1; RETURN 2": "RETURN is not understood",
    "RETURN 1;;": "; is not understood",
    ";": "; is not understood",
    "RETURN apoc.load.json('x')": "load is not allowed",
    "RETURN apoc.text.join(['x'], '')": "apoc.text.join is not on the list",
    "RETURN date . `truncate`('day', date())": "the function date.`truncate` is not on the list",
    "RETURN `date`()": "the function `date` is not on the list",
    "RETURN file()": "the function file is not on the list",
    "RETURN db.nameFromElementId('x')": "db.nameFromElementId is not on the list",
    "MATCH (n) WHERE n.x IN apoc.f () RETURN n": "apoc.f is not on the list",
    "RETURN reduce(a = 0, x IN [1] | a + x)": "use UNWIND",
    "RETURN range(1, 10)": "write UNWIND range",
    "UNWIND range(1, 2) + [3] AS x RETURN x": r"\+ is not understood here, where AS",
    "MATCH p = SHORTEST 2 (a)-[:KNOWS]-+(b) RETURN p": "use shortestPath",
    "MATCH p = ALL SHORTEST (a)-[*1..30]-(b) RETURN count(p)": "or allShortestPaths",
    "MATCH ANY SHORTEST (a)-[]-+(b) RETURN a": "can't stop",
    "MATCH ANY (a)-[]-+(b) RETURN a": "can't stop",
    "RETURN replace('a', 'a', 'aa')": "may not make a text longer",
    "RETURN replace('a', 'a', '\N{GRINNING FACE}')": "may not make a text longer",
    "RETURN replace('a', '\\n', 'aa')": "may not make a text longer",
    "RETURN replace('a', $name, '')": "must be texts in quotes",
    "RETURN 'x' =~ '(a|aa)+'": "regular expressions can't be stopped",
    "RETURN [x IN [1] WHERE any(y IN [2] WHERE y = x) | x]": "a loop inside a loop",
    "RETURN [x IN [1] | [y IN [2] | COUNT { MATCH (n) WHERE all(z IN [1] WHERE z = y) }]]": "inside a loop",
    "MATCH (n:$(1)) RETURN n": r"\$ is not understood",
    "MATCH (n) RETURN n.`x`()": "the function n.`x` is not on the list",
    "MATCH (n RETURN n": r"\( is not closed",
    "RETURN 1)": "closes nothing that is open",
    "RETURN [1}": "closes nothing that is open",
    "RETURN 'x": "this text is not closed",
    "RETURN 'x\\d'": "this text is not closed, or holds an escape",
    "RETURN `x": "this name is not closed",
    "RETURN ``": "this name is not closed",
    "RETURN `a\\b`": "this name is not closed, or holds a backslash",
    "RETURN 1 /* x": "this comment is not closed",
    "/*/*/ RETURN 1": "this comment is not closed, or holds another",
    "RETURN 1a": "this number is not understood",
    "RETURN 1 // x\r RETURN 2": "is allowed only in texts",
    "RETURN\u00a01": "is allowed only in texts",
    "RETURN\u200b 1": "is allowed only in texts",
    "R\u0415TURN 1": "is allowed only in texts",
    "RETURN 1 /* \u202e */": "is invisible",
    "RETURN 1 AS `a\u200bb`": "is invisible",
    "RETURN 'a\x00'": "is invisible",
    "RETURN '\ud800'": "is invisible",
    "RETURN 1 \\u0041S x": "could hide",
    "RETURN '\\u0027 CREATE (n) //'": "could hide",
    "RETURN 1 // \\U000a CREATE (n)": "could hide",
    "RETURN '\\\\u0041'": "could hide",
    "RETURN " + "(" * 50 + "1" + ")" * 50: "nested too deeply",
    "MATCH " + "(" * 50 + "n" + ")" * 50 + " RETURN n": "nested too deeply",
    "RETURN " + "CASE WHEN " * 50 + "1": "nested too deeply",
    "RETURN '" + "x" * 20_000 + "'": "longer than",
}

PIECES = (
    *"'\"`\\;(){}[]:|$.,=<>-+*/!&%^~ \n\r\t\u200b\u2028\u00a0",
    *("//", "/*", "*/", "\\u0027", "\\u000a", "\\'", "''", "``", "$(", "..", "CREATE (:Made)", "SET a.made = 1"),
    *("MERGE (:Made)", "DELETE a", "CALL (*) { CREATE (:Made) }", "{ CREATE (:Made) }", "FOREACH (x IN [1] |"),
    *("MATCH (a)", "RETURN 1", "UNION", "WITH a", "WHERE", "AS x", "1", "x", "'x'", "`x`", "[x IN [1] |", "EXISTS {"),
)


_PARTS = re.compile(r"\w+|\s+|'[^']*'|`[^`]*`|.", re.DOTALL)
_WORDS = sorted({part for query in ALLOWED for part in _PARTS.findall(query) if part.strip()})
_HIDING = (
    *(
        "/* CREATE (:Made) */",
        "// SET a.made = 1\n",
        "'\\' CREATE (:Made) //'",
        '"\' CREATE (:Made) //"',
        "`CREATE (:Made)`",
    ),
    *(
        "'/*'",
        "'*/'",
        "'//'",
        "`/*`",
        "`*/`",
        "`'`",
        "'`'",
        "/* ' */",
        '/* " */',
        "/* ` */",
        "// '\n",
        "// `\n",
        "/**/",
        "/*/*/",
    ),
)


@st.composite
def mutants(draw: st.DrawFn) -> str:
    """Allowed queries, a little changed: parts of others, what hides something, and what breaks them."""
    parts = _PARTS.findall(draw(st.sampled_from(ALLOWED)))
    if draw(st.booleans()):
        parts += [" UNION ", *_PARTS.findall(draw(st.sampled_from(ALLOWED)))]
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(parts) - 1))
        piece = draw(
            st.sampled_from(_WORDS) | st.sampled_from(_HIDING) | st.sampled_from(_HIDING) | st.sampled_from(PIECES)
        )
        parts[at : at + draw(st.integers(0, 1))] = [" ", piece, " "]
    return "".join(parts)
