//! Names of users and the groups that they imply.

/// Every authenticated user is in it.
pub(crate) const AUTHENTICATED: &str = "system:authenticated";
/// Requests without credentials are in it.
pub(crate) const UNAUTHENTICATED: &str = "system:unauthenticated";
/// The user of requests without credentials.
pub(crate) const ANONYMOUS: &str = "system:anonymous";
/// Every service account is in it; with `:` and a namespace, those of the namespace.
pub(crate) const SERVICE_ACCOUNTS: &str = "system:serviceaccounts";
/// May do everything, before RBAC is asked.
pub(crate) const MASTERS: &str = "system:masters";

const SERVICE_ACCOUNT_USER: &str = "system:serviceaccount:";

/// The user name of a service account.
pub(crate) fn service_account_user(namespace: &str, name: &str) -> String {
    [SERVICE_ACCOUNT_USER, namespace, ":", name].concat()
}

/// Namespace and name of the service account with a user name.
pub(crate) fn split_service_account(user: &str) -> Option<(&str, &str)> {
    let (namespace, name) = user.strip_prefix(SERVICE_ACCOUNT_USER)?.split_once(':')?;
    let is_valid = !namespace.is_empty() && !name.is_empty() && !name.contains(':');
    is_valid.then_some((namespace, name))
}

/// The groups that authentication puts a user into.
pub(crate) fn groups_of_user(user: &str) -> Vec<String> {
    if user == ANONYMOUS {
        return vec![UNAUTHENTICATED.to_owned()];
    }
    let own = split_service_account(user).map(|(namespace, _)| {
        [
            SERVICE_ACCOUNTS.to_owned(),
            format!("{SERVICE_ACCOUNTS}:{namespace}"),
        ]
    });
    let mut groups: Vec<String> = own.into_iter().flatten().collect();
    groups.push(AUTHENTICATED.to_owned());
    groups
}

/// The groups that members of a group are in as well, the group first.
pub(crate) fn groups_of_group(group: &str) -> Vec<&str> {
    let mut groups = vec![group];
    if group
        .strip_prefix(SERVICE_ACCOUNTS)
        .is_some_and(|rest| rest.starts_with(':'))
    {
        groups.push(SERVICE_ACCOUNTS);
    }
    if group != UNAUTHENTICATED && group != AUTHENTICATED {
        groups.push(AUTHENTICATED);
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::{groups_of_group, groups_of_user, service_account_user, split_service_account};

    #[test]
    fn service_accounts_are_in_their_groups() {
        let user = service_account_user("shop", "web");
        assert_eq!(split_service_account(&user), Some(("shop", "web")));
        assert_eq!(
            groups_of_user(&user),
            [
                "system:serviceaccounts",
                "system:serviceaccounts:shop",
                "system:authenticated"
            ]
        );
    }

    #[test]
    fn other_users_are_authenticated_or_anonymous() {
        assert_eq!(groups_of_user("ann"), ["system:authenticated"]);
        assert_eq!(
            groups_of_user("system:anonymous"),
            ["system:unauthenticated"]
        );
        let odd = "system:serviceaccount:a:b:c";
        assert_eq!(split_service_account(odd), None);
        assert_eq!(groups_of_user(odd), ["system:authenticated"]);
    }

    #[test]
    fn groups_imply_groups() {
        assert_eq!(
            groups_of_group("system:serviceaccounts:shop"),
            [
                "system:serviceaccounts:shop",
                "system:serviceaccounts",
                "system:authenticated"
            ]
        );
        assert_eq!(
            groups_of_group("system:unauthenticated"),
            ["system:unauthenticated"]
        );
    }
}
