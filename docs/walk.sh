#!/bin/sh
# Walks through a running demo: signs in, finds Child V, opens the record, and finds the look in the audit.
#
#   docs/walk.sh [URL [CREDENTIALS]]
#
# Without arguments it asks http://127.0.0.1:8080 and reads ./demo-credentials.json.
# It stops at the first answer that is not the expected one. It needs curl and jq; one-time codes come from
# the binary itself, CONTACTPOINT or else target/release/contactpoint.
set -eu

url=${1:-http://127.0.0.1:8080}
credentials=${2:-demo-credentials.json}
contactpoint=${CONTACTPOINT:-$(dirname "$0")/../target/release/contactpoint}

# Says what is expected and stops where it is not so: expect WHAT EXPECTED FOUND
expect() {
    if [ "$2" != "$3" ]; then
        printf 'not ok  %s: expected %s, found %s\n' "$1" "$2" "$3" >&2
        exit 1
    fi
    printf 'ok      %s: %s\n' "$1" "$3"
}

# The first user of a role: user ROLE FIELD
user() {
    jq -er --arg role "$1" --arg field "$2" 'first(.users[] | select(.role == $role))[$field]' "$credentials"
}

# Posts JSON and prints the answer; an answer that is no success stops the walk: post PATH TOKEN BODY
post() {
    curl --fail-with-body -sS "$url$1" -H 'content-type: application/json' \
        ${2:+-H "authorization: Bearer $2"} -d "$3"
}

# Signs the first user of a role in and prints the token: sign_in ROLE
# A code is taken once. Where this one was taken already, as in a walk just before, the next one is waited for.
sign_in() {
    name=$(user "$1" username)
    for wait in 1 0; do
        code=$("$contactpoint" demo-code "$name" --credentials "$credentials")
        body=$(jq -n --arg username "$name" --arg password "$(user "$1" password)" --arg otp "$code" \
            '{username: $username, password: $password, otp: $otp}')
        if answer=$(post /api/v1/sessions '' "$body" 2>&1); then
            printf %s "$answer" | jq -er .token
            return
        fi
        [ "$wait" = 0 ] || sleep $((31 - $(date +%s) % 30))
    done
    printf 'not ok  %s cannot sign in: %s\n' "$name" "$answer" >&2
    exit 1
}

expect 'the server is ready' ok "$(curl -fsS "$url/readyz" | jq -r .status)"
child=$(jq -er .child_v.child_number "$credentials")

# A nurse of a hospital that nobody in the story knows. Both names are misspelt; the year is all that is known.
nurse=$(sign_in practitioner)
# The invented child was born a hundred days before the day eight years ago.
year=$(jq -n 'now | gmtime | .[0] -= 8 | mktime - 100 * 86400 | gmtime | .[0]')
found=$(post /api/v1/searches "$nurse" "$(jq -n --argjson year "$year" \
    '{criteria: {forename: "Elodi", surname: "Marchent", birth_year: $year}, reason: "child_protection_enquiry"}')")
expect 'the misspelt search' found "$(printf %s "$found" | jq -r .outcome)"
expect 'the first child it lists' "$child" "$(printf %s "$found" | jq -r '.results[0].child_number')"
search=$(printf %s "$found" | jq -er .search_id)

# The late name leads to the same child.
late=$(post /api/v1/searches "$nurse" "$(jq -n --argjson year "$year" \
    '{criteria: {forename: "Viane", surname: "Lorell", birth_year: $year}, reason: "child_protection_enquiry"}')")
expect 'the search by the late name' "$child" "$(printf %s "$late" | jq -r '.results[0].child_number')"

# The record: its opening is a fact before it is an answer. The reason comes from the search.
opened=$(post "/api/v1/children/$child/accesses" "$nurse" "$(jq -n --arg search "$search" '{search_id: $search}')")
access=$(printf %s "$opened" | jq -er .access_id)
position=$(printf %s "$opened" | jq -er .position)
expect 'the agencies in the record' 12 \
    "$(printf %s "$opened" | jq '[.record.involvements[].organisation.id] | unique | length')"
expect 'those whose entry is still open' org:dunlarrow-housing \
    "$(printf %s "$opened" | jq -r '[.record.involvements[] | select(.ended_on == null).organisation.id] | unique | join(" ")')"
expect 'the gaps' 'no_education no_primary_care' "$(printf %s "$opened" | jq -r '.record.gaps | sort | join(" ")')"
expect 'a lead professional' 0 \
    "$(printf %s "$opened" | jq '[.record.involvements[] | select(.lead_professional == true)] | length')"
printf %s "$opened" | jq -r '.record.involvements | sort_by(.started_on)[]
    | "        \(.started_on)  \(.ended_on // "open      ")  \(.organisation.name)"'

# A look without a reason is refused, and the refusal is a fact too.
status=$(curl -sS -o /dev/null -w '%{http_code}' "$url/api/v1/children/$child/accesses" \
    -H "authorization: Bearer $nurse" -H 'content-type: application/json' -d '{}')
expect 'a look without a reason' 422 "$status"

# The national auditor finds the look, by the child and at its position.
auditor=$(sign_in auditor)
looks=$(curl --fail-with-body -sS "$url/api/v1/audit/accesses?child=$child&after=$((position - 1))" \
    -H "authorization: Bearer $auditor" -H "if-position-at-least: $position")
look=$(printf %s "$looks" | jq -c --arg access "$access" '[.accesses[] | select(.access_id == $access)]')
expect 'the look in the audit' 1 "$(printf %s "$look" | jq length)"
expect 'its position' "$position" "$(printf %s "$look" | jq -r '.[0].position')"
expect 'its reason' child_protection_enquiry "$(printf %s "$look" | jq -r '.[0].reason')"

# Whoever may not see a child sees nothing: the operator runs the machine.
operator=$(sign_in operator)
status=$(curl -sS -o /dev/null -w '%{http_code}' "$url/api/v1/children/$child/accesses" \
    -H "authorization: Bearer $operator" -H 'content-type: application/json' -d '{"reason":"emergency"}')
expect 'a look by the operator' refused "$([ "$status" = 403 ] || [ "$status" = 404 ] && echo refused || echo "$status")"

printf 'The walk ends here: every answer was as expected.\n'
