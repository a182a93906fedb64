"""The server store: a Neo4j graph that many analysts and jobs share."""
