"""The ready mappings for widespread tools, on small invented exports."""

from consilience.harmonise.mapping import load_mapping


def test_a_plain_list_of_persons_needs_two_columns(importing):
    snapshot = importing("id,violation\n1,TORTURE\n2,\n", load_mapping("persons"))
    assert (snapshot.source("s").accepted, snapshot.source("s").rejected) == (1, 1)


def test_a_plain_list_of_persons_with_names(importing):
    importing("id,violation,name,sex,age,date\n1,KILLING,Ana Invented,female,30,May 2020\n", load_mapping("persons"))
    act = importing.rows("acts", "violation, sex, age_low, date_edtf")[0]
    assert tuple(act.values()) == ("KILLING", "F", 30.0, "2020-05")
    assert importing.rows("identities", "name") == [{"name": "Ana Invented"}]


def test_an_acled_export(importing):
    header = (
        "event_id_cnty,event_date,time_precision,sub_event_type,iso,admin1,admin2,location,country,latitude,longitude"
    )
    importing(
        f"{header},geo_precision,source,fatalities\n"
        "XX1,03 April 2021,3,Attack,288,A,B,C,Ghana,5.5,-0.2,2,Invented News,4\n"
        "XX2,2021-04-03,1,Peaceful protest,288,A,B,C,Ghana,5.5,-0.2,1,Invented News,0\n",
        load_mapping("acled"),
    )
    acts = importing.rows("acts", "act_id, violation, area, date_edtf, place_precision, victims_central")
    assert [tuple(act.values())[1:] for act in acts] == [
        ("LETHAL_ATTACK_CIVILIANS", "GH", "2021-04", "NEAR", 4),
        (None, "GH", "2021-04-03", "EXACT", 0),
    ]


def test_a_kobo_export(importing):
    importing(
        "_uuid,incident_type,incident_date,victim_sex,victim_age,_submission_time\n"
        "u-1,TORTURE,2021-04-03,female,under 18,2021-04-05T10:11:12\n",
        load_mapping("kobo"),
    )
    assert str(importing.rows("events", "reported_on")[0]["reported_on"]) == "2021-04-05"
    assert importing.rows("acts", "sex, age_high")[0] == {"sex": "F", "age_high": 17.0}
