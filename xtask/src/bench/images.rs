//! An image of a few hundred megabytes: how fast its layers are read, and in how much memory.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use fs_err as fs;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::workspace::say;

const LAYERS: usize = 4;
const LAYER_BYTES: usize = 100 << 20;

/// Writes the image with each compression, and scans it.
pub(super) fn run(work: &Path, program: &Path, runs: usize) -> Result<()> {
    say("\nimages (target: 200 MB/s of unpacked layers on two cores, ≤ 150 MB)");
    for compression in ["gzip", "zstd"] {
        let image = work.join(format!("image-{compression}"));
        if !image.join("index.json").exists() {
            write(&image, compression).context("writing the image")?;
        }
        let image = image.display().to_string();
        let flags = ["image", &image, "--db", "sample", "--no-cache"];
        let mut times = Vec::new();
        let mut most = 0.0_f64;
        for _ in 0..runs {
            let (wall_ms, peak_kb) = peak(program, &flags)?;
            times.push(wall_ms);
            most = most.max(peak_kb);
        }
        times.sort_by(f64::total_cmp);
        let median = times[times.len() / 2];
        let megabytes = (LAYERS * LAYER_BYTES) as f64 / 1e6;
        say(&format!(
            "  {LAYERS} layers, {compression}  {:>6.0} MB/s, {:>4.0} MB peak",
            megabytes / (median / 1000.0),
            most * 1024.0 / 1e6
        ));
    }
    Ok(())
}

/// The wall time of a run in milliseconds, and the most memory that it had, in kilobytes; nothing where the system does not tell.
fn peak(program: &Path, flags: &[&str]) -> Result<(f64, f64)> {
    let start = Instant::now();
    let mut child = Command::new(program)
        .args(flags)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0.0_f64;
    let code = loop {
        // The system keeps the highest mark, so that a look now and then misses little.
        let told = fs::read_to_string(&status).unwrap_or_default();
        let mark = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let mark = mark.and_then(|mark| mark.trim().trim_end_matches(" kB").parse().ok());
        most = most.max(mark.unwrap_or_default());
        if let Some(code) = child.try_wait()? {
            break code;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    // How the image is built may be worth a finding.
    ensure!(
        matches!(code.code(), Some(0 | 1)),
        "`seawall {}` ended with {code}",
        flags.join(" ")
    );
    Ok((start.elapsed().as_secs_f64() * 1000.0, most))
}

/// A layout whose layers hold files as systems have them: text and code, of all sizes.
fn write(image: &Path, compression: &str) -> Result<()> {
    let blobs = image.join("blobs/sha256");
    fs::create_dir_all(&blobs)?;
    let blob = |bytes: &[u8]| -> Result<String> {
        let digest: String = Sha256::digest(bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        fs::write(blobs.join(&digest), bytes)?;
        Ok(format!("sha256:{digest}"))
    };
    let mut layers = Vec::new();
    for number in 0..LAYERS {
        let packed = pack(&layer(number)?, compression)?;
        layers.push(json!({ "digest": blob(&packed)? }));
    }
    let config = blob(
        json!({ "os": "linux", "architecture": "amd64" })
            .to_string()
            .as_bytes(),
    )?;
    let manifest = json!({ "schemaVersion": 2, "config": { "digest": config }, "layers": layers });
    let manifest = blob(manifest.to_string().as_bytes())?;
    fs::write(
        image.join("index.json"),
        json!({ "schemaVersion": 2, "manifests": [{ "digest": manifest }] }).to_string(),
    )?;
    Ok(())
}

fn pack(bytes: &[u8], compression: &str) -> Result<Vec<u8>> {
    if compression == "zstd" {
        return Ok(zstd::encode_all(bytes, 3)?);
    }
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

/// A tar of pieces of this program, which is code and text, with numbers between them so that no piece is there twice.
fn layer(number: usize) -> Result<Vec<u8>> {
    let own = fs::read(std::env::current_exe()?)?;
    ensure!(
        own.len() > 1 << 20,
        "this program is too small to make an image of"
    );
    let mut builder = tar::Builder::new(Vec::with_capacity(LAYER_BYTES));
    let mut random = number as u64 + 1;
    let mut file = 0;
    while builder.get_ref().len() < LAYER_BYTES {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let size = 500 + usize::try_from(random >> 46)?;
        let start = usize::try_from(random >> 20)? % (own.len() - size.min(own.len() - 1));
        let mut content = own[start..(start + size).min(own.len())].to_vec();
        content.extend(random.to_le_bytes());
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        builder.append_data(
            &mut header,
            format!("usr/lib/{number}/{}/{file}.so", file % 97),
            content.as_slice(),
        )?;
        file += 1;
    }
    Ok(builder.into_inner()?)
}
