//! Calls: for each route what it does, who may, what it takes and what it gives, with examples.

mod administering;
mod asking;
mod credentials;
mod declarations;
mod identities;
mod keeping;
mod looking;
mod notices;
mod passkeys;
mod recording;
mod reporting;
mod retention;
mod reviewing;
mod rights;
mod running;

use serde_json::Value;
use utoipa::{
    ToSchema,
    openapi::{
        ComponentsBuilder, Content, ContentBuilder, HttpMethod, Ref, RefOr, Required, Schema,
        path::{Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn},
        request_body::{RequestBody, RequestBodyBuilder},
        response::ResponseBuilder,
        security::SecurityRequirement,
    },
};

use super::shapes;
use crate::problem;

/// Name of the security scheme of people.
pub(super) const PERSON: &str = "session";

/// Name of the security scheme of clients that send.
pub(super) const CLIENT: &str = "client";

/// Name of the security scheme of the token call.
pub(super) const SECRET: &str = "client_secret";

/// Who may call.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    Anyone,
    Person,
    Client,
    Either,
    Secret,
}

/// One call.
pub(super) struct Call {
    pub(super) method: HttpMethod,
    pub(super) path: &'static str,
    name: &'static str,
    tag: &'static str,
    summary: &'static str,
    says: &'static str,
    who: Who,
    parameters: Vec<Parameter>,
    body: Option<RequestBody>,
    gives: Vec<(u16, ResponseBuilder)>,
    add: Vec<fn(ComponentsBuilder) -> ComponentsBuilder>,
}

/// Every call, in the order of the document.
pub(super) fn all() -> Vec<Call> {
    let mut calls = looking::calls();
    calls.extend(recording::calls());
    calls.extend(keeping::calls());
    calls.extend(retention::calls());
    calls.extend(reviewing::calls());
    calls.extend(rights::calls());
    calls.extend(notices::calls());
    calls.extend(asking::calls());
    calls.extend(reporting::calls());
    calls.extend(administering::calls());
    calls.extend(credentials::calls());
    calls.extend(passkeys::calls());
    calls.extend(identities::calls());
    calls.extend(declarations::calls());
    calls.extend(running::calls());
    calls
}

fn get(path: &'static str, name: &'static str) -> Call {
    Call::new(HttpMethod::Get, path, name)
}

fn post(path: &'static str, name: &'static str) -> Call {
    Call::new(HttpMethod::Post, path, name)
}

fn patch(path: &'static str, name: &'static str) -> Call {
    Call::new(HttpMethod::Patch, path, name)
}

/// A reference to the schema of `T`.
fn named<T: ToSchema>() -> RefOr<Schema> {
    RefOr::Ref(Ref::from_schema_name(T::name()))
}

fn content<T: ToSchema>(example: Value) -> Content {
    ContentBuilder::new().schema(Some(named::<T>())).example(Some(example)).build()
}

impl Call {
    fn new(method: HttpMethod, path: &'static str, name: &'static str) -> Call {
        Call {
            method,
            path,
            name,
            tag: "",
            summary: "",
            says: "",
            who: Who::Anyone,
            parameters: Vec::new(),
            body: None,
            gives: Vec::new(),
            add: Vec::new(),
        }
    }

    fn says(mut self, tag: &'static str, summary: &'static str, says: &'static str) -> Call {
        (self.tag, self.summary, self.says) = (tag, summary, says);
        self
    }

    fn by(mut self, who: Who) -> Call {
        self.who = who;
        self
    }

    /// A part of the path.
    fn part<T: ToSchema + 'static>(mut self, name: &str, says: &str) -> Call {
        self.parameters.push(
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Path)
                .required(Required::True)
                .description(Some(says))
                .schema(Some(named::<T>()))
                .build(),
        );
        self.needing::<T>()
    }

    /// A part of the query, which may be left out.
    fn asks<T: ToSchema + 'static>(mut self, name: &str, says: &str) -> Call {
        self.parameters.push(
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Query)
                .required(Required::False)
                .description(Some(says))
                .schema(Some(named::<T>()))
                .build(),
        );
        self.needing::<T>()
    }

    /// A header, which may be left out.
    fn heeds<T: ToSchema + 'static>(mut self, name: &str, says: &str) -> Call {
        self.parameters.push(
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Header)
                .required(Required::False)
                .description(Some(says))
                .schema(Some(named::<T>()))
                .build(),
        );
        self.needing::<T>()
    }

    /// The last part of the query asked for must be given.
    fn must(mut self) -> Call {
        if let Some(last) = self.parameters.last_mut() {
            last.required = Required::True;
        }
        self
    }

    fn takes<T: ToSchema>(self, example: Value) -> Call {
        self.takes_as("application/json", content::<T>(example)).needing::<T>()
    }

    fn takes_as(mut self, media_type: &str, content: Content) -> Call {
        let body = self.body.take().map_or_else(RequestBodyBuilder::new, RequestBodyBuilder::from);
        self.body = Some(body.required(Some(Required::True)).content(media_type, content).build());
        self
    }

    fn gives<T: ToSchema>(self, status: u16, says: &str, example: Value) -> Call {
        self.gives_as(status, says, "application/json", content::<T>(example)).needing::<T>()
    }

    fn gives_as(mut self, status: u16, says: &str, media_type: &str, content: Content) -> Call {
        if let Some((_, known)) = self.gives.iter_mut().find(|(known, _)| *known == status) {
            *known = std::mem::take(known).content(media_type, content);
        } else {
            let response = ResponseBuilder::new().description(says).content(media_type, content);
            self.gives.push((status, response));
        }
        self
    }

    fn needing<T: ToSchema>(mut self) -> Call {
        self.add.push(shapes::add::<T>);
        self
    }

    /// Adds the schemas that the call needs.
    pub(super) fn add(&self, components: ComponentsBuilder) -> ComponentsBuilder {
        self.add.iter().fold(components, |components, add| add(components))
    }

    /// The operation of the document, with every problem that the call can answer with.
    pub(super) fn operation(self) -> Operation {
        let problems = self.problems();
        let mut operation = OperationBuilder::new()
            .operation_id(Some(self.name))
            .tag(self.tag)
            .summary(Some(self.summary))
            .description(Some(self.says).filter(|says| !says.is_empty()))
            .parameters(Some(self.parameters))
            .request_body(self.body)
            .securities(Some(security(self.who)));
        for (status, response) in self.gives {
            operation = operation.response(status.to_string(), response.build());
        }
        for (status, says) in problems {
            let problem =
                ContentBuilder::new().schema(Some(RefOr::<Schema>::Ref(Ref::from_schema_name("Problem"))));
            let response =
                ResponseBuilder::new().description(says).content(problem::MEDIA_TYPE, problem.build());
            operation = operation.response(status.to_string(), response.build());
        }
        operation.build()
    }

    fn problems(&self) -> Vec<(u16, &'static str)> {
        let mut problems = Vec::new();
        let has_part = self.parameters.iter().any(|parameter| parameter.parameter_in == ParameterIn::Path);
        let reads = self.body.is_some() || self.parameters.len() > usize::from(has_part);
        if self.body.is_some() && self.who != Who::Secret {
            problems.push((400, "The body is no JSON, or no UTF-8."));
        }
        let signs_in = matches!(self.name, "signIn" | "enrol" | "signInByPasskey" | "signInByProvider");
        let asks_to = matches!(self.name, "askPasskeySignIn" | "askProviderSignIn");
        if self.who != Who::Anyone && self.who != Who::Secret || signs_in {
            problems.push((401, "Not identified."));
        }
        if matches!(self.who, Who::Person | Who::Client | Who::Either) || self.name == "signInByProvider" {
            problems.push((403, "Not permitted."));
        }
        // A child or a case can be named in a body too.
        let named =
            self.who == Who::Person && self.body.is_some() && !matches!(self.name, "search" | "stepUp");
        // So can an organisation or a child in a query.
        let asked_of = matches!(
            self.name,
            "auditAccesses" | "listUsers" | "listExpiries" | "listRightsRequests" | "askProviderSignIn"
        );
        let conceals = has_part || named || asked_of;
        if conceals || self.path.starts_with("/api/v1/ledger") {
            problems.push((404, "Unknown or concealed, deliberately the same."));
        }
        if self.body.is_some() && self.method != HttpMethod::Get && self.who != Who::Secret {
            problems.extend([
                (409, "It contradicts what stands."),
                (413, "Too large."),
                (415, "Another media type than this call takes."),
            ]);
        }
        if reads && self.who != Who::Secret {
            problems.push((422, "A field, parameter or header is not of its form, or a rule said no."));
        }
        if self.who != Who::Anyone || signs_in || asks_to {
            problems.push((429, "Too many requests; `Retry-After` says when."));
        }
        problems.push((500, "A mistake of the server."));
        problems.push((503, "Busy, behind, or the disk failed; `Retry-After` says when."));
        let given: Vec<u16> = self.gives.iter().map(|(status, _)| *status).collect();
        problems.retain(|(status, _)| !given.contains(status));
        problems
    }
}

fn security(who: Who) -> Vec<SecurityRequirement> {
    let one = |name: &str| SecurityRequirement::new(name, [] as [&str; 0]);
    // A client that names an acting user may look as that person.
    let acting = || one(CLIENT).add("acting_user", [] as [&str; 0]);
    match who {
        Who::Anyone => vec![SecurityRequirement::default()],
        Who::Person => vec![one(PERSON), acting()],
        Who::Client => vec![one(CLIENT)],
        Who::Either => vec![one(PERSON), acting(), one(CLIENT)],
        // An assertion stands in the form, so that no header is needed.
        Who::Secret => vec![one(SECRET), SecurityRequirement::default()],
    }
}
