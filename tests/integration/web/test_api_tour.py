"""The tour is remembered for the person, and for nobody else."""


def test_the_tour_is_remembered_by_person(web):
    admin = web.administrator(knows_the_tour=False)
    assert admin.get("preferences/tour").json == {"step": 0, "begun": False, "done": False}
    assert admin.put("preferences/tour", {"step": 3}).status == 200
    assert web.administrator(knows_the_tour=False).get("preferences/tour").json == {
        "step": 3,
        "begun": True,
        "done": False,
    }
    assert admin.put("preferences/tour", {"done": True}).status == 200
    assert admin.get("preferences/tour").json["done"]
    assert web.viewer(admin).get("preferences/tour").json["done"]
    assert admin.put("preferences/tour", {"step": 99}).status == 422
    assert web.anonymous().get("preferences/tour").status == 401
    logged = admin.get("operations").json["operations"]
    assert [row["result"] for row in logged if row["operation"] == "tour.remember"] == ["refused"]
