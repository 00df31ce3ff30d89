//! Somebody at a browser: pages and forms as a browser asks for them, by the cookie of a session.

use axum::http::{Method, StatusCode};
use vocabulary::Role;

use crate::house::{Answer, Ask, House, ask, get};

/// A browser in which somebody signed in.
pub(crate) struct Browser<'h> {
    house: &'h House,
    pub(crate) token: String,
}

impl<'h> Browser<'h> {
    /// Whoever has this token.
    pub(crate) fn with(house: &'h House, token: String) -> Browser<'h> {
        Browser { house, token }
    }

    /// A person of this role, signed in.
    pub(crate) async fn of(house: &'h House, role: Role, organisation: &str) -> Browser<'h> {
        Browser::with(house, house.signed_in(role, organisation).await)
    }

    /// Asks for a page.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.house.answer(get(path).with("cookie", &self.cookie())).await
    }

    /// The page as text; it must be there.
    pub(crate) async fn read(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", text(&answer));
        text(&answer)
    }

    /// Sends a form.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let asked = form(path, fields).with("cookie", &self.cookie()).with("sec-fetch-site", "same-origin");
        self.house.answer(asked).await
    }

    /// Sends a form that is taken, and answers the page to which it leads.
    pub(crate) async fn send(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.post(path, fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", text(&answer));
        self.house.settle();
        self.read(answer.header("location")).await
    }

    /// Sends a form that is taken; the page to which it leads says so.
    pub(crate) async fn does(&self, path: &str, fields: &[(&str, &str)], said: &str) -> String {
        let page = self.send(path, fields).await;
        assert!(page.contains(said), "{said}: {page}");
        page
    }

    /// Sends a form that is not taken: it comes back and says what is asked for, and whatever was typed as text.
    pub(crate) async fn is_asked(&self, path: &str, fields: &[(&str, &str)], said: &str) {
        let page = text(&self.post(path, fields).await);
        assert!(page.contains("There is a problem") && page.contains(said), "{said}: {page}");
        assert!(!page.contains("<script>alert"), "{page}");
    }

    fn cookie(&self) -> String {
        format!("session={}", self.token)
    }
}

/// A form as a browser sends it.
pub(crate) fn form(path: &str, fields: &[(&str, &str)]) -> Ask {
    let body: Vec<String> =
        fields.iter().map(|(name, value)| format!("{}={}", coded(name), coded(value))).collect();
    ask(Method::POST, path).sending("application/x-www-form-urlencoded", body.join("&"))
}

/// The form by which somebody signs in now, with what else stands in it.
pub(crate) fn signs_in(house: &House, username: &str, more: &[(&str, &str)]) -> Ask {
    let proof = house.proof(username);
    let (password, otp) = (proof["password"].as_str().unwrap(), proof["otp"].as_str().unwrap());
    let fields = [("username", username), ("password", password), ("otp", otp)];
    form("/sign-in", &[fields.as_slice(), more].concat())
}

/// The session's cookie that an answer sets, as the browser sends it back.
pub(crate) fn session_of(answer: &Answer) -> String {
    let set = answer.headers.get_all("set-cookie").into_iter().map(|value| value.to_str().unwrap());
    let session = set.filter_map(|set| set.split(';').next()).find(|pair| pair.starts_with("session="));
    session.unwrap().to_owned()
}

/// What a page says.
pub(crate) fn text(answer: &Answer) -> String {
    String::from_utf8(answer.body.clone()).unwrap()
}

/// The addresses on a page that begin so, in their order, each once.
pub(crate) fn links(page: &str, begins: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for part in page.split("href=\"").skip(1) {
        let href = part.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
        if href.starts_with(begins) && !found.contains(&href) {
            found.push(href);
        }
    }
    found
}

fn coded(text: &str) -> String {
    text.bytes()
        .map(
            |byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            },
        )
        .collect()
}
