//! The OpenAPI document: every call and every event, from code, with an example for each.
//!
//! Committed as docs/openapi.json; tests hold it to the routes, to what bodies may hold, and every example to
//! what reads it. Source: OpenAPI 3.1; contract.md section 2.

mod calls;
mod events;
mod shapes;

use std::sync::OnceLock;

use utoipa::openapi::{
    Components, ComponentsBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, PathItem,
    PathsBuilder, RefOr, Schema, Tag,
    schema::AdditionalProperties,
    security::{
        ApiKey, ApiKeyValue, ClientCredentials, Flow, HttpAuthScheme, HttpBuilder, OAuth2, Scopes,
        SecurityScheme,
    },
    tag::TagBuilder,
};

const TITLE: &str = "Contactpoint";

const DESCRIPTION: &str = "A directory of which services are working with a child. JSON, UTF-8, snake_case. \
Instants are RFC 3339 UTC; days are YYYY-MM-DD, civil days in England. Unknown fields are refused (422). Errors \
are RFC 9457 with a stable code. A reply to a write carries its position; send it back as \
`If-Position-At-Least` with any later call to read one's own write.";

const TAGS: [(&str, &str); 17] = [
    (
        "Looking",
        "Finding a child, opening a record, and who looked. Every look is recorded before it is shown.",
    ),
    ("Recording", "What case management systems tell, as CloudEvents."),
    ("Recording by hand", "What staff record where no case management system does it for them."),
    ("Identity", "What waits for a person to say which child it means."),
    ("Cases", "Investigations, opened by one person and approved by another."),
    ("Reviews", "Looks that a person reviews, what came of it, and invented records that raise an alarm."),
    ("Retention", "How long records are kept: the archive, what holds them, and the lists to be purged."),
    ("Rights", "What children and carers ask about what is held, and what families are told of it."),
    ("Own organisation", "The open entries of one's own organisation, and what it is told."),
    ("Reports", "Counts for managers, the worklist of an authority, and what anybody may know."),
    ("Organisations", "Who takes part, by which conditions and agreements, and through which clients."),
    ("People", "Accounts, from the first gate to the last day."),
    ("Policy", "The settings that two people sign, and the reasons for a look."),
    ("Identification", "Tokens of clients and of people."),
    ("Declarations", "What people declare about themselves: whom they are related to, and where they live."),
    ("Server", "What runs, and how it is."),
    ("Ledger", "Proof that the log is whole; leaf hashes only."),
];

/// The document as JSON, ending in a line feed.
pub fn openapi() -> String {
    static WRITTEN: OnceLock<String> = OnceLock::new();
    WRITTEN
        .get_or_init(|| {
            // Texts, numbers and lists: there is nothing in it that JSON cannot hold.
            let mut text = document().to_pretty_json().unwrap_or_default();
            text.push('\n');
            text
        })
        .clone()
}

/// What the document says of each call that takes JSON or events: path, media type, and example.
///
/// For tests that hold every example to what reads it.
pub fn event_examples() -> Vec<serde_json::Value> {
    events::all().iter().map(events::Documented::example).collect()
}

fn document() -> OpenApi {
    let mut components = events::add(ComponentsBuilder::new());
    let mut paths = PathsBuilder::new();
    for call in calls::all() {
        components = call.add(components);
        let (method, path) = (call.method.clone(), call.path);
        paths = paths.path(path, PathItem::new(method, call.operation()));
    }
    components = shapes::add::<shapes::shown::Problem>(components);
    let info = InfoBuilder::new()
        .title(TITLE)
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(DESCRIPTION))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()));
    OpenApiBuilder::new()
        .info(info.build())
        .servers(Some([utoipa::openapi::ServerBuilder::new().url("/").build()]))
        .paths(paths)
        .components(Some(closed(secured(components).build())))
        .tags(Some(TAGS.map(tag)))
        .build()
}

/// Says of every object that is read that it takes no field but its own.
fn closed(mut components: Components) -> Components {
    for name in shapes::closed() {
        if let Some(RefOr::T(Schema::Object(object))) = components.schemas.get_mut(name.as_ref()) {
            object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
        }
    }
    components
}

fn tag((name, says): (&str, &str)) -> Tag {
    TagBuilder::new().name(name).description(Some(says)).build()
}

fn secured(components: ComponentsBuilder) -> ComponentsBuilder {
    let bearer = |says: &str| {
        SecurityScheme::Http(
            HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(says)).build(),
        )
    };
    let basic = HttpBuilder::new()
        .scheme(HttpAuthScheme::Basic)
        .description(Some("Id and secret of a client, as `client add` printed them."));
    let grant = ClientCredentials::new("/oauth/token", Scopes::new());
    let acting = ApiKeyValue::with_description(
        "Acting-User",
        "The person who acts through a case management system: a JWT of type `acting-user+jwt` signed by a key of the client, with `iss` (its id), `sub` (the user name), `aud` (the address of this API), `iat`, `exp` (at most five minutes later), `auth_time` (at most twelve hours ago) and `amr` (RFC 8176). A demonstration client may send a bare user name.",
    );
    components
        .security_scheme(calls::PERSON, bearer("A person's token, from `POST /api/v1/sessions`."))
        .security_scheme(calls::CLIENT, SecurityScheme::OAuth2(OAuth2::new([Flow::ClientCredentials(grant)])))
        .security_scheme(calls::SECRET, SecurityScheme::Http(basic.build()))
        .security_scheme("acting_user", SecurityScheme::ApiKey(ApiKey::Header(acting)))
}
