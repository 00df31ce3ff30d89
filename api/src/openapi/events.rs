//! Events in the document: for each type its data, its schema and an example.

use serde_json::{Value, json};
use utoipa::{
    ToSchema,
    openapi::{
        ComponentsBuilder, ObjectBuilder, OneOfBuilder, Ref, RefOr, Schema,
        schema::{SchemaType, Type},
    },
};

use super::shapes::{self, told, words};

/// One type of event.
pub(super) struct Documented {
    /// Its name, without prefix and suffix.
    pub(super) kind: &'static str,
    /// The name of the schema of its data.
    data: String,
    /// Adds that schema and those it needs.
    add: fn(ComponentsBuilder) -> ComponentsBuilder,
    /// An example of its data.
    example: Value,
}

fn event<T: ToSchema>(kind: &'static str, example: Value) -> Documented {
    Documented { kind, data: T::name().into_owned(), add: shapes::add::<T>, example }
}

/// Every type, in the order of the contract.
pub(super) fn all() -> Vec<Documented> {
    let child = json!({"local_ref": "c-1029"});
    let duty = json!([{"kind": "telephone", "use": "duty", "value": "020 7946 0001", "hours": "24 h"}]);
    vec![
        event::<told::ChildDescribed>(
            "child.described",
            json!({
                "child": {
                    "local_ref": "c-1029", "forename": "Ava", "middle_names": "Rose", "surname": "Lowe",
                    "known_as": "Avie", "previous_surname": null, "date_of_birth": "2015-04-02",
                    "gender": "female",
                    "address": {"lines": ["12 Mill Lane"], "town": "London", "postcode": "N17 6AA"},
                    "nhs_number": "9434765919",
                    "carers": [{
                        "carer_ref": "k-7", "name": "Mary Lowe", "relation": "parental_responsibility",
                        "contacts": [{"kind": "telephone", "use": "home", "value": "020 7946 0000"}]
                    }]
                },
                "version": 3
            }),
        ),
        event::<told::ChildDied>("child.died", json!({"child": child, "on": "2026-11-19"})),
        event::<told::ChildLeftEngland>(
            "child.left_england",
            json!({"child": child, "on": "2026-11-19", "intends_return": "unknown"}),
        ),
        event::<told::ChildEnteredInError>(
            "child.entered_in_error",
            json!({"child": child, "on": "2026-11-19"}),
        ),
        event::<told::LinkDisputed>("child.link_disputed", json!({"local_ref": "c-1029"})),
        event::<told::LocalRefsMerged>("child.local_refs_merged", json!({"from": "c-1030", "to": "c-1029"})),
        event::<told::EducationStated>(
            "education.stated",
            json!({"child": child, "state": "attending", "organisation": "urn:100000", "on": "2026-09-03"}),
        ),
        event::<told::PrimaryCareStated>(
            "primary_care.stated",
            json!({"child": child, "state": "registered", "organisation": "ods:F85000", "on": "2026-05-01"}),
        ),
        event::<told::InvolvementStarted>(
            "involvement.started",
            json!({
                "child": child, "involvement_ref": "i-77", "service_type": "social_care",
                "practitioner": {"practitioner_ref": "p-9", "name": "Jo Reed", "job": "social worker"},
                "team": "Assessment", "contacts": duty, "started_on": "2026-03-01",
                "lead_professional": true
            }),
        ),
        event::<told::InvolvementUpdated>(
            "involvement.updated",
            json!({"involvement_ref": "i-77", "team": "Long Term Support", "practitioner": null}),
        ),
        event::<told::InvolvementEnded>(
            "involvement.ended",
            json!({"involvement_ref": "i-77", "ended_on": "2026-10-30"}),
        ),
        event::<told::InvolvementNamed>("involvement.entered_in_error", json!({"involvement_ref": "i-77"})),
        event::<told::PractitionerContactsChanged>(
            "practitioner.contacts_changed",
            json!({"practitioner_ref": "p-9", "contacts": duty}),
        ),
        event::<told::ConsentRecorded>(
            "consent.recorded",
            json!({
                "child": child, "episode_ref": "e-4", "decision": "given", "given_by": "child",
                "competence": "presumed_12_or_over", "method": "face_to_face",
                "notice_version": "2026-1", "decided_on": "2026-02-27"
            }),
        ),
        event::<told::SignificantHarm>(
            "significant_harm.recorded",
            json!({
                "child": child, "episode_ref": "e-4", "ground": "neglect", "decided_by": "Sam Hill",
                "review_by": "2027-02-01"
            }),
        ),
        event::<told::SignificantHarm>(
            "significant_harm.reviewed",
            json!({
                "child": child, "episode_ref": "e-4", "ground": "neglect", "decided_by": "Sam Hill",
                "review_by": "2027-05-01"
            }),
        ),
        event::<told::CommonAssessment>(
            "common_assessment.indicated",
            json!({"child": child, "involvement_ref": "i-77", "on": "2026-03-20"}),
        ),
        event::<told::CommonAssessment>(
            "common_assessment.withdrawn",
            json!({"child": child, "involvement_ref": "i-77", "on": "2026-06-20"}),
        ),
        event::<told::InvolvementNamed>("lead_professional.named", json!({"involvement_ref": "i-77"})),
        event::<told::InvolvementNamed>("lead_professional.relinquished", json!({"involvement_ref": "i-77"})),
    ]
}

impl Documented {
    /// An example of the whole event, as it is sent.
    pub(super) fn example(&self) -> Value {
        json!({
            "specversion": "1.0", "id": format!("{}-1", self.kind), "source": "/cms/haringey",
            "type": self.kind_as_sent(), "time": "2026-11-20T09:00:00Z", "data": self.example
        })
    }

    fn kind_as_sent(&self) -> String {
        format!("uk.contactpoint.{}.v1", self.kind)
    }

    fn schema(&self) -> Schema {
        let text = || ObjectBuilder::new().schema_type(SchemaType::Type(Type::String));
        let only = |word: String| text().enum_values(Some([word]));
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::Object))
            .property("specversion", only("1.0".to_owned()))
            .property("id", text().min_length(Some(1)).max_length(Some(200)))
            .property("source", text().min_length(Some(1)))
            .property("type", only(self.kind_as_sent()))
            .property("time", Ref::from_schema_name("Instant"))
            .property("data", Ref::from_schema_name(&self.data))
            .required("specversion")
            .required("id")
            .required("source")
            .required("type")
            .required("data")
            .into()
    }
}

/// Adds a schema for each type, and `Event` for any of them.
pub(super) fn add(mut components: ComponentsBuilder) -> ComponentsBuilder {
    let mut any = OneOfBuilder::new().description(Some("A CloudEvents 1.0 event of one of the types."));
    components = shapes::add::<words::Instant>(components);
    for documented in all() {
        components = (documented.add)(components);
        let name = format!("Event.{}", documented.kind);
        any = any.item(RefOr::<Schema>::Ref(Ref::from_schema_name(&name)));
        components = components.schema(name, documented.schema());
    }
    components.schema("Event", Schema::from(any))
}
