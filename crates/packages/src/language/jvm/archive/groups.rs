//! The groups of artifacts whose archives do not say theirs: those that Gradle builds have no files of Maven.

/// How artifacts begin, longer beginnings first where they share one, and their group.
const GROUPS: [(&str, &str); 30] = [
    ("spring-boot", "org.springframework.boot"),
    ("spring-security-", "org.springframework.security"),
    ("spring-cloud-gateway", "org.springframework.cloud"),
    ("spring-integration-", "org.springframework.integration"),
    ("spring-kafka", "org.springframework.kafka"),
    ("spring-rabbit", "org.springframework.amqp"),
    ("spring-amqp", "org.springframework.amqp"),
    ("spring-batch-", "org.springframework.batch"),
    ("spring-session-", "org.springframework.session"),
    ("spring-ldap-", "org.springframework.ldap"),
    ("spring-retry", "org.springframework.retry"),
    ("tomcat-embed-", "org.apache.tomcat.embed"),
    ("kotlin-", "org.jetbrains.kotlin"),
    ("kotlinx-", "org.jetbrains.kotlinx"),
    ("micrometer-", "io.micrometer"),
    ("reactor-netty", "io.projectreactor.netty"),
    ("reactor-core", "io.projectreactor"),
    ("okhttp", "com.squareup.okhttp3"),
    ("okio", "com.squareup.okio"),
    ("kafka-clients", "org.apache.kafka"),
    ("kafka-streams", "org.apache.kafka"),
    ("lucene-", "org.apache.lucene"),
    ("elasticsearch", "org.elasticsearch"),
    ("opensearch", "org.opensearch"),
    ("hibernate-core", "org.hibernate.orm"),
    ("groovy", "org.apache.groovy"),
    ("aspectj", "org.aspectj"),
    ("bcprov-", "org.bouncycastle"),
    ("bcpkix-", "org.bouncycastle"),
    ("bcutil-", "org.bouncycastle"),
];

/// The modules of the Spring Framework itself.
const SPRING: [&str; 22] = [
    "aop",
    "aspects",
    "beans",
    "context",
    "context-indexer",
    "context-support",
    "core",
    "core-test",
    "expression",
    "instrument",
    "jcl",
    "jdbc",
    "jms",
    "messaging",
    "orm",
    "oxm",
    "r2dbc",
    "test",
    "tx",
    "web",
    "webflux",
    "webmvc",
];

/// The group of an artifact, where it is known.
pub(super) fn known(artifact: &str) -> Option<&'static str> {
    let module = artifact.strip_prefix("spring-");
    if module.is_some_and(|module| SPRING.contains(&module) || module == "websocket") {
        return Some("org.springframework");
    }
    let mut beginnings = GROUPS.iter();
    let (_, group) = beginnings.find(|(beginning, _)| artifact.starts_with(beginning))?;
    Some(group)
}

#[cfg(test)]
mod tests {
    use super::known;

    #[test]
    fn the_framework_is_told_apart_from_its_family() {
        assert_eq!(known("spring-web"), Some("org.springframework"));
        assert_eq!(
            known("spring-security-web"),
            Some("org.springframework.security")
        );
        assert_eq!(known("spring-data-x"), None);
    }
}
