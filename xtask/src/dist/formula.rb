class Seawall < Formula
  desc "Says what an attacker could do with your Kubernetes, and what to change"
  homepage "{repository}"
  version "{version}"
  license "Apache-2.0"

  on_macos do
    # {if aarch64-apple-darwin}
    on_arm do
      url "{repository}/releases/download/v{version}/{file}"
      sha256 "{sum}"
    end
    # {end}
    # {if x86_64-apple-darwin}
    on_intel do
      url "{repository}/releases/download/v{version}/{file}"
      sha256 "{sum}"
    end
    # {end}
  end

  on_linux do
    # {if aarch64-unknown-linux-musl}
    on_arm do
      url "{repository}/releases/download/v{version}/{file}"
      sha256 "{sum}"
    end
    # {end}
    # {if x86_64-unknown-linux-musl}
    on_intel do
      url "{repository}/releases/download/v{version}/{file}"
      sha256 "{sum}"
    end
    # {end}
  end

  def install
    bin.install "seawall"
    generate_completions_from_executable(bin/"seawall", "completions")
    (man1/"seawall.1").write Utils.safe_popen_read(bin/"seawall", "man")
  end

  test do
    (testpath/"pod.yaml").write <<~YAML
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - {name: web, image: nginx, securityContext: {privileged: true}}
    YAML
    assert_match "privileged-container", shell_output("#{bin}/seawall scan #{testpath}/pod.yaml", 1)
  end
end
