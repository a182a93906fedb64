"""The words of Cypher that a query may use, and those that it may not."""


def _words(*texts: str) -> frozenset[str]:
    return frozenset(" ".join(texts).split())


# Refused everywhere outside texts, comments and backticks, also as names: each begins something that writes,
# administers, leaves this graph, or changes how the server reads what follows.
REFUSED = _words(
    "ALTER CALL CREATE CYPHER DELETE DENY DETACH DROP EXPLAIN FOREACH GRANT INSERT LOAD MERGE NODETACH PROFILE"
    " REMOVE REVOKE SET SHOW TERMINATE USE YIELD",
)

# Keywords, which can't be the name of a variable, except in backticks.
KEYWORDS = _words(
    "AND AS CASE CONTAINS DISTINCT ELSE ENDS IN IS MATCH NOT OPTIONAL OR RETURN STARTS THEN UNION UNWIND WHEN WHERE"
    " WITH XOR",
)

_AGGREGATING = "avg collect count max min percentileCont percentileDisc stDev stDevP sum"
_OF_GRAPHS = (
    "allShortestPaths elementId endNode exists id keys labels length nodes properties relationships shortestPath"
    " startNode type"
)
_OF_LISTS = "all any head isEmpty last none reverse single size tail"
_OF_VALUES = (
    "coalesce nullIf toBoolean toBooleanList toBooleanOrNull toFloat toFloatList toFloatOrNull toInteger"
    " toIntegerList toIntegerOrNull toString toStringList toStringOrNull valueType"
)
_OF_TEXTS = (
    "btrim char_length character_length left lower lTrim normalize replace right rTrim split substring toLower"
    " toUpper trim upper"
)
_OF_NUMBERS = (
    "abs acos asin atan atan2 ceil cos cosh cot coth degrees e exp floor haversin isNaN log log10 pi radians rand"
    " round sign sin sinh sqrt tan tanh"
)
_OF_PLACES = "point point.distance point.withinBBox"
_OF_TIME = (
    "date date.realtime date.statement date.transaction date.truncate datetime datetime.fromEpoch"
    " datetime.fromEpochMillis datetime.realtime datetime.statement datetime.transaction datetime.truncate duration"
    " duration.between duration.inDays duration.inMonths duration.inSeconds localdatetime localdatetime.realtime"
    " localdatetime.statement localdatetime.transaction localdatetime.truncate localtime localtime.realtime"
    " localtime.statement localtime.transaction localtime.truncate time time.realtime time.statement"
    " time.transaction time.truncate timestamp"
)

# The allowed functions, in lower case: the server ignores case. `reduce` is left out, because it can make a value grow
# without limit inside one expression, where the server does not check its clock. So is `range`, except in
# `UNWIND range(…) AS`. `replace`, which can make a text grow too, has its own rule.
FUNCTIONS = frozenset(
    each.lower()
    for each in _words(_AGGREGATING, _OF_GRAPHS, _OF_LISTS, _OF_VALUES, _OF_TEXTS, _OF_NUMBERS, _OF_PLACES, _OF_TIME)
)
