//! Passwords: their hashes, what is derived from them, and what they encrypt.

use aes::Aes256;
use aes::cipher::{Block, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use bcrypt::Version;
use gotemplate::{Failure, Signature, Type, UintType, Value};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::{TEXT, TEXT_TEXT};
use crate::base64;
use crate::call::{Answer, Call};
use crate::entry::Entry;
use crate::text::lossy;

pub(super) const TABLE: &[Entry] = &[
    Entry::new("bcrypt", TEXT, |call| {
        let password = call.text(0);
        hashed(call, &password).map(Value::from)
    }),
    Entry::new("htpasswd", TEXT_TEXT, htpasswd),
    Entry::new(
        "derivePassword",
        Signature::new(&[
            Type::Uint(UintType::Uint32),
            Type::String,
            Type::String,
            Type::String,
            Type::String,
        ]),
        derive_password,
    ),
    Entry::new("encryptAES", TEXT_TEXT, encrypt),
    Entry::new("decryptAES", TEXT_TEXT, decrypt),
];

const BCRYPT_COST: u32 = 10;

/// About how many milliseconds a hash takes.
const BCRYPT_EFFORT: u32 = 60;
const SCRYPT_EFFORT: u32 = 250;

fn hashed(call: &Call<'_>, password: &str) -> Result<String, Failure> {
    const LONGEST: usize = 72;
    if password.len() > LONGEST {
        return Ok(
            "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes"
                .to_owned(),
        );
    }
    call.environment.toil(BCRYPT_EFFORT)?;
    let mut salt = [0; 16];
    call.environment.fill(&mut salt);
    let hash = bcrypt::hash_with_salt(password, BCRYPT_COST, salt);
    Ok(match hash {
        Ok(parts) => parts.format_for_version(Version::TwoA),
        Err(error) => format!("failed to encrypt string with bcrypt: {error}"),
    })
}

fn htpasswd(call: &mut Call<'_>) -> Answer {
    let (user, password) = (call.text(0), call.text(1));
    if user.contains(':') {
        return Ok(Value::from(format!("invalid username: {user}")));
    }
    let hash = hashed(call, &password)?;
    Ok(Value::from(format!("{user}:{hash}")))
}

/// Forms of derived passwords; each letter stands for one of [`characters`].
fn forms(kind: &str) -> Option<&'static [&'static str]> {
    Some(match kind {
        "maximum" => &["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"],
        "long" => &[
            "CvcvnoCvcvCvcv",
            "CvcvCvcvnoCvcv",
            "CvcvCvcvCvcvno",
            "CvccnoCvcvCvcv",
            "CvccCvcvnoCvcv",
            "CvccCvcvCvcvno",
            "CvcvnoCvccCvcv",
            "CvcvCvccnoCvcv",
            "CvcvCvccCvcvno",
            "CvcvnoCvcvCvcc",
            "CvcvCvcvnoCvcc",
            "CvcvCvcvCvccno",
            "CvccnoCvccCvcv",
            "CvccCvccnoCvcv",
            "CvccCvccCvcvno",
            "CvcvnoCvccCvcc",
            "CvcvCvccnoCvcc",
            "CvcvCvccCvccno",
            "CvccnoCvcvCvcc",
            "CvccCvcvnoCvcc",
            "CvccCvcvCvccno",
        ],
        "medium" => &["CvcnoCvc", "CvcCvcno"],
        "short" => &["Cvcn"],
        "basic" => &["aaanaaan", "aannaaan", "aaannaaa"],
        "pin" => &["nnnn"],
        _ => return None,
    })
}

fn characters(letter: u8) -> &'static [u8] {
    match letter {
        b'V' => b"AEIOU",
        b'C' => b"BCDFGHJKLMNPQRSTVWXYZ",
        b'v' => b"aeiou",
        b'c' => b"bcdfghjklmnpqrstvwxyz",
        b'a' => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
        b'n' => b"0123456789",
        b'o' => b"@&%?,=[]_:-+*$#!'^~;()/.",
        _ => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
    }
}

/// The password of a site, from that of a person: the algorithm of Master Password.
fn derive_password(call: &mut Call<'_>) -> Answer {
    const SCOPE: &[u8] = b"com.lyndir.masterpassword";
    let (kind, password, user, site) = (call.text(1), call.text(2), call.text(3), call.text(4));
    let Some(forms) = forms(&kind) else {
        return Ok(Value::from(format!("cannot find password template {kind}")));
    };
    call.environment.toil(SCRYPT_EFFORT)?;
    let counter = u32::try_from(call.int(0)).unwrap_or(0);
    let length = |text: &str| (text.len() as u32).to_be_bytes();
    let salt = [SCOPE, &length(&user), user.as_bytes()].concat();
    let failed =
        |error: &dyn std::fmt::Display| Failure::new(format!("failed to derive password: {error}"));
    let params = scrypt::Params::new(15, 8, 2).map_err(|error| failed(&error))?;
    let mut key = [0; 64];
    scrypt::scrypt(password.as_bytes(), &salt, &params, &mut key)
        .map_err(|error| failed(&error))?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|error| failed(&error))?;
    for part in [
        SCOPE,
        &length(&site),
        site.as_bytes(),
        &counter.to_be_bytes(),
    ] {
        mac.update(part);
    }
    let seed = mac.finalize().into_bytes();
    let form = forms[usize::from(seed[0]) % forms.len()];
    let derived: String = form
        .bytes()
        .zip(&seed[1..])
        .map(|(letter, byte)| {
            let known = characters(letter);
            char::from(known[usize::from(*byte) % known.len()])
        })
        .collect();
    Ok(Value::from(derived))
}

const BLOCK: usize = 16;

/// The cipher of a password, of which 32 bytes count.
fn cipher(password: &str) -> Aes256 {
    let mut key = [0; 32];
    let length = password.len().min(32);
    key[..length].copy_from_slice(&password.as_bytes()[..length]);
    Aes256::new(&key.into())
}

fn encrypt(call: &mut Call<'_>) -> Answer {
    let (password, text) = (call.text(0), call.text(1));
    if text.is_empty() {
        return Ok(Value::from(""));
    }
    call.spend(text.len() / 64)?;
    let padding = BLOCK - text.len() % BLOCK;
    let mut content = text.as_bytes().to_vec();
    content.resize(text.len() + padding, padding as u8);
    let mut before = [0; BLOCK];
    call.environment.fill(&mut before);
    let cipher = cipher(&password);
    let mut encrypted = before.to_vec();
    for chunk in content.chunks_exact(BLOCK) {
        let mut block = Block::<Aes256>::default();
        for (index, byte) in block.iter_mut().enumerate() {
            *byte = chunk[index] ^ before[index];
        }
        cipher.encrypt_block(&mut block);
        before.copy_from_slice(&block);
        encrypted.extend_from_slice(&before);
    }
    Ok(Value::from(base64::encode(&encrypted)))
}

fn decrypt(call: &mut Call<'_>) -> Answer {
    let (password, text) = (call.text(0), call.text(1));
    if text.is_empty() {
        return Ok(Value::from(""));
    }
    let encrypted = base64::decode(&text).map_err(Failure::new)?;
    if encrypted.len() < BLOCK {
        // Go's buffer is as large as the text could have made it.
        let capacity = text.len() / 4 * 3;
        return Err(Failure::new(format!(
            "runtime error: slice bounds out of range [:16] with capacity {capacity}"
        )));
    }
    if encrypted.len() % BLOCK != 0 {
        return Err(Failure::new("crypto/cipher: input not full blocks"));
    }
    call.spend(encrypted.len() / 64)?;
    let cipher = cipher(&password);
    let mut content = Vec::with_capacity(encrypted.len());
    let (mut before, rest) = encrypted.split_at(BLOCK);
    for chunk in rest.chunks_exact(BLOCK) {
        let mut block = Block::<Aes256>::default();
        block.copy_from_slice(chunk);
        cipher.decrypt_block(&mut block);
        content.extend(block.iter().zip(before).map(|(byte, mask)| byte ^ mask));
        before = chunk;
    }
    let Some(padding) = content.last() else {
        return Err(Failure::new("runtime error: index out of range [-1]"));
    };
    let Some(length) = content.len().checked_sub(usize::from(*padding)) else {
        let end = crate::number::signed(content.len()) - i64::from(*padding);
        return Err(Failure::new(format!(
            "runtime error: slice bounds out of range [:{end}]"
        )));
    };
    Ok(Value::from(lossy(&content[..length])))
}
