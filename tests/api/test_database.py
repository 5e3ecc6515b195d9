"""What only a graph database can do: SQLite says so, and what is off says who may switch it on."""

from __future__ import annotations

from tests.api.conftest import client_of

MAP = {"id": "m", "title": "M"}
ASKED = {"statement": "RETURN 1"}


def test_a_store_without_cypher_says_that_another_has_it() -> None:
    with client_of(cypher=True) as client:
        client.post("/v1/maps", json=MAP)
        for address, body in (("/v1/maps/m/cypher", ASKED), ("/v1/maps/m/adopt", {})):
            refused = client.post(address, json=body)
            assert (refused.status_code, refused.json()["code"]) == (501, "not_supported")
            assert "SQLite" in refused.json()["detail"]


def test_both_need_an_admin_key_and_cypher_one_that_opens_all_maps() -> None:
    with client_of() as client:
        operations = client.get("/openapi.json").json()["paths"]
        for name in ("cypher", "adopt"):
            assert operations[f"/v1/maps/{{map}}/{name}"]["post"]["x-key-scope"] == "admin"
