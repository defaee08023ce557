//! Tokens: where a registry says that they are given, for a login or for nobody in particular.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use crate::client::{Client, Header, Response, said};
use crate::credentials::Login;
use crate::error::Fault;

/// A token may have so many bytes.
const MAX_TOKEN: u64 = 1 << 20;

/// Where a token is given, and for what.
pub(crate) struct Office<'a> {
    pub(crate) realm: &'a str,
    pub(crate) service: Option<&'a str>,
    pub(crate) scope: &'a str,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Answer {
    token: Option<String>,
    access_token: Option<String>,
}

/// The value of the header that says who asks, with a user and password.
pub(crate) fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

/// Gets a token, and makes the header of it.
pub(crate) fn bearer(
    client: &Client,
    office: &Office<'_>,
    login: Option<&Login>,
) -> Result<String, Fault> {
    if let Some(Login::Bearer(token)) = login {
        return Ok(format!("Bearer {token}"));
    }
    let ask = || ask(client, office, login);
    let bytes = client.whole(MAX_TOKEN, ask, |fault| fault)?;
    let answer: Answer = serde_json::from_slice(&bytes)
        .map_err(|_| Fault::Answer("the answer with the token is no JSON".to_owned()))?;
    let token = answer.token.or(answer.access_token);
    let token = token.filter(|token| !token.is_empty() && is_printable(token));
    token
        .map(|token| format!("Bearer {token}"))
        .ok_or_else(|| Fault::Answer("the answer has no token".to_owned()))
}

fn ask(client: &Client, office: &Office<'_>, login: Option<&Login>) -> Result<Response, Fault> {
    let mut query = vec![("scope", office.scope)];
    query.extend(office.service.map(|service| ("service", service)));
    let mut response = match login {
        Some(Login::Identity(token)) => {
            query.push(("grant_type", "refresh_token"));
            query.push(("client_id", "seawall"));
            query.push(("refresh_token", token));
            client.post(office.realm, &query)?
        }
        Some(Login::Password { user, password }) => {
            query.push(("account", user));
            let header: Header = ("authorization", basic(user, password));
            client.get(office.realm, &query, &[header])?
        }
        Some(Login::Bearer(_)) | None => client.get(office.realm, &query, &[])?,
    };
    let status = response.status().as_u16();
    match status {
        200 => Ok(response),
        400 | 401 | 403 => Err(Fault::Denied {
            status,
            said: said(&mut response),
            has_login: login.is_some(),
            failed: Vec::new(),
        }),
        _ => {
            let said = said(&mut response);
            Err(Fault::Status { status, said })
        }
    }
}

/// Whether a text can be the value of a header.
fn is_printable(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
}
