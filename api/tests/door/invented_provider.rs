//! An identity provider on loopback that a test runs: honest unless it is told to lie, with keys of its own.
//!
//! It checks what an honest provider checks: client, secret or assertion, redirect, the challenge of PKCE, and
//! that a code comes once.

mod keys;

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use aws_lc_rs::{
    digest,
    signature::{self, UnparsedPublicKey},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

pub(crate) use keys::ProviderKey;

pub(crate) const CLIENT: &str = "contactpoint";
pub(crate) const SECRET: &str = "an invented/secret&of a provider";

/// What comes instead of an answer.
#[derive(Clone)]
pub(crate) enum Instead {
    /// Nothing, for as long as anybody waits.
    Nothing,
    /// More and more, without end.
    Endless,
    /// This status with this body.
    Says(u16, String),
    /// Another address.
    Elsewhere(String),
    /// The end of the connection.
    End,
}

/// How the provider differs from an honest one.
pub(crate) struct Lies {
    /// Claims that are other ones; `null` leaves one out.
    pub(crate) claims: Value,
    /// Members of the header that are other ones.
    pub(crate) header: Value,
    /// Metadata that are other ones.
    pub(crate) metadata: Value,
    /// By which of its keys it signs, and by which algorithm.
    pub(crate) signs: (usize, &'static str),
    /// The first sign of the signature is another one.
    pub(crate) forges: bool,
    /// Which of its keys it publishes.
    pub(crate) published: Vec<usize>,
    /// What comes instead, by path.
    pub(crate) instead: BTreeMap<&'static str, Instead>,
}

impl Lies {
    fn none() -> Lies {
        Lies {
            claims: json!({}),
            header: json!({}),
            metadata: json!({}),
            signs: (0, "EdDSA"),
            forges: false,
            published: vec![0, 1, 2],
            instead: BTreeMap::new(),
        }
    }
}

struct Code {
    subject: String,
    asked: HashMap<String, String>,
    at: DateTime<Utc>,
}

struct Inside {
    issuer: String,
    keys: Vec<ProviderKey>,
    codes: HashMap<String, Code>,
    lies: Lies,
    asked: Vec<String>,
    /// The public half of the client's key (Ed25519), where it proves itself by one.
    client_key: Option<Vec<u8>>,
}

/// The provider.
#[derive(Clone)]
pub(crate) struct InventedProvider {
    pub(crate) issuer: String,
    inside: Arc<Mutex<Inside>>,
}

/// What a browser brings back.
pub(crate) struct Back {
    pub(crate) state: String,
    pub(crate) code: String,
}

impl InventedProvider {
    /// A provider with an Ed25519, a P-256 and an RSA key.
    pub(crate) async fn start() -> InventedProvider {
        InventedProvider::start_over(None).await
    }

    pub(crate) async fn start_over(tls: Option<TlsAcceptor>) -> InventedProvider {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let issuer = match &tls {
            None => format!("http://127.0.0.1:{port}"),
            Some(_) => format!("https://localhost:{port}"),
        };
        let keys = vec![ProviderKey::ed25519(), ProviderKey::p256(), ProviderKey::rsa()];
        let inside = Inside {
            issuer: issuer.clone(),
            keys,
            codes: HashMap::new(),
            lies: Lies::none(),
            asked: Vec::new(),
            client_key: None,
        };
        let provider = InventedProvider { issuer, inside: Arc::new(Mutex::new(inside)) };
        let serving = provider.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (answering, tls) = (serving.clone(), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => answering.answer(stream).await,
                        Some(tls) => match tls.accept(stream).await {
                            Ok(encrypted) => answering.answer(encrypted).await,
                            Err(_) => None,
                        },
                    }
                });
            }
        });
        provider
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap()
    }

    /// Lies from now on in this way, and honestly in every other.
    pub(crate) fn lies(&self, change: impl FnOnce(&mut Lies)) {
        let mut lies = Lies::none();
        change(&mut lies);
        self.inside().lies = lies;
    }

    /// Expects what this key signed in place of the secret.
    pub(crate) fn knows_client_by(&self, public_key: &[u8]) {
        self.inside().client_key = Some(public_key.to_vec());
    }

    /// Has a key more, and answers its number.
    pub(crate) fn draws(&self, key: ProviderKey) -> usize {
        let mut inside = self.inside();
        inside.keys.push(key);
        inside.keys.len() - 1
    }

    /// How often a path was asked for.
    pub(crate) fn asked(&self, path: &str) -> usize {
        self.inside().asked.iter().filter(|asked| *asked == path).count()
    }

    /// A person signs in here, sent by that address, at that time.
    pub(crate) fn signs_in(&self, url: &str, subject: &str, at: DateTime<Utc>) -> Back {
        let (address, query) = url.split_once('?').unwrap();
        assert_eq!(address, format!("{}/authorize", self.issuer));
        let asked = parameters(query);
        for (name, value) in [
            ("response_type", "code"),
            ("client_id", CLIENT),
            ("scope", "openid"),
            ("code_challenge_method", "S256"),
        ] {
            assert_eq!(asked[name], value, "{name}");
        }
        let mut inside = self.inside();
        let code = format!("code-{}", inside.codes.len());
        let back = Back { state: asked["state"].clone(), code: code.clone() };
        inside.codes.insert(code, Code { subject: subject.to_owned(), asked, at });
        back
    }

    async fn answer(&self, mut stream: impl AsyncRead + AsyncWrite + Unpin) -> Option<()> {
        let (path, head, body) = request(&mut stream).await?;
        let instead = {
            let mut inside = self.inside();
            inside.asked.push(path.clone());
            inside.lies.instead.get(path.as_str()).cloned()
        };
        let (status, more, text) = match instead {
            None => {
                let (status, value) = self.honest(&path, &head, &body);
                (status, String::new(), value.to_string())
            }
            Some(Instead::Says(status, text)) => (status, String::new(), text),
            Some(Instead::Elsewhere(address)) => (302, format!("location: {address}\r\n"), String::new()),
            Some(Instead::End) => return None,
            Some(Instead::Nothing) => {
                tokio::time::sleep(Duration::from_mins(1)).await;
                return None;
            }
            Some(Instead::Endless) => {
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{").await.ok()?;
                loop {
                    stream.write_all(&[b' '; 16_384]).await.ok()?;
                }
            }
        };
        let answer = format!(
            "HTTP/1.1 {status} Told\r\ncontent-type: application/json\r\n{more}content-length: {}\r\n\
             connection: close\r\n\r\n{text}",
            text.len()
        );
        stream.write_all(answer.as_bytes()).await.ok()?;
        stream.shutdown().await.ok()
    }

    fn honest(&self, path: &str, head: &str, body: &str) -> (u16, Value) {
        let mut inside = self.inside();
        match path {
            "/.well-known/openid-configuration" => {
                let issuer = &inside.issuer;
                let document = json!({
                    "issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize"),
                    "token_endpoint": format!("{issuer}/token"), "jwks_uri": format!("{issuer}/keys"),
                    "code_challenge_methods_supported": ["S256"]
                });
                (200, with(document, &inside.lies.metadata))
            }
            "/keys" => {
                let published = inside.lies.published.iter();
                let keys: Vec<Value> =
                    published.map(|number| inside.keys[*number].jwk(&format!("k{number}"))).collect();
                (200, json!({"keys": keys}))
            }
            "/token" => inside.token(head, &parameters(body)),
            _ => (404, json!({})),
        }
    }
}

impl Inside {
    fn token(&mut self, head: &str, form: &HashMap<String, String>) -> (u16, Value) {
        if !self.is_client(head, form) {
            return (401, json!({"error": "invalid_client"}));
        }
        let challenge = |verifier: &str| {
            URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()).as_ref())
        };
        let code = self.codes.remove(&form["code"]).filter(|code| {
            form["grant_type"] == "authorization_code"
                && form["redirect_uri"] == code.asked["redirect_uri"]
                && challenge(&form["code_verifier"]) == code.asked["code_challenge"]
        });
        let Some(code) = code else { return (400, json!({"error": "invalid_grant"})) };
        let at = code.at.timestamp();
        let claims = json!({
            "iss": self.issuer, "sub": code.subject, "aud": CLIENT, "iat": at, "exp": at + 300,
            "nonce": code.asked["nonce"], "acr": "aal2", "email": "somebody@haringey.example"
        });
        let (number, algorithm) = self.lies.signs;
        let header = json!({"alg": algorithm, "typ": "JWT", "kid": format!("k{number}")});
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let (header, claims) = (part(with(header, &self.lies.header)), part(with(claims, &self.lies.claims)));
        let signed = format!("{header}.{claims}");
        let mut signature = self.keys[number].sign(algorithm, signed.as_bytes());
        if self.lies.forges {
            signature[0] ^= 1;
        }
        let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature));
        (200, json!({"access_token": "not-wanted", "token_type": "Bearer", "id_token": token}))
    }

    fn is_client(&self, head: &str, form: &HashMap<String, String>) -> bool {
        let Some(key) = &self.client_key else {
            let told = head.lines().find_map(|line| line.strip_prefix("authorization: Basic "));
            let pair = format!("{CLIENT}:an%20invented%2Fsecret%26of%20a%20provider");
            return told == Some(STANDARD.encode(pair).as_str());
        };
        let Some((signed, signature)) = form.get("client_assertion").and_then(|told| told.rsplit_once('.'))
        else {
            return false;
        };
        let claims = URL_SAFE_NO_PAD.decode(signed.split_once('.').unwrap().1).unwrap();
        let claims: Value = serde_json::from_slice(&claims).unwrap();
        let public = UnparsedPublicKey::new(&signature::ED25519, key);
        public.verify(signed.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).unwrap()).is_ok()
            && claims["iss"] == CLIENT
            && claims["sub"] == CLIENT
            && claims["aud"] == format!("{}/token", self.issuer)
            && claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap() == 60
            && claims["jti"].as_str().unwrap().len() == 22
            && form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    }
}

fn with(mut honest: Value, lies: &Value) -> Value {
    for (name, value) in lies.as_object().unwrap() {
        if value.is_null() {
            honest.as_object_mut().unwrap().remove(name);
        } else {
            honest[name] = value.clone();
        }
    }
    honest
}

/// Path, head and body of one request.
async fn request(stream: &mut (impl AsyncRead + Unpin)) -> Option<(String, String, String)> {
    let mut read = Vec::new();
    loop {
        let mut some = [0; 4_096];
        let count = stream.read(&mut some).await.ok()?;
        read.extend_from_slice(&some[..count]);
        let text = String::from_utf8(read.clone()).ok()?;
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
                let path = head.split(' ').nth(1)?.split('?').next()?.to_owned();
                return Some((path, head.to_owned(), body.to_owned()));
            }
        }
        if count == 0 {
            return None;
        }
    }
}

/// The parameters of a query or a form.
pub(crate) fn parameters(text: &str) -> HashMap<String, String> {
    text.split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.to_owned(), decoded(value)))
        .collect()
}

fn decoded(value: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next().unwrap(), rest.next().unwrap()];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}
