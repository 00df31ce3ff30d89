#!/bin/sh
# Walks an administrator through an empty folder: a first administrator, an authority, a school with its conditions,
# a manager, a practitioner through every gate, a client with its key, a first look, a suspension that bites on the
# next request, a training date that runs out and still lets an emergency look through, its review, and a canary.
#
#   docs/administrator-walk.sh [FOLDER [PORT]]
#
# It serves from FOLDER (a new temporary one where none is named) on 127.0.0.1:PORT (8090), and stops at the first
# answer that is not the expected one. Everybody in it is invented. It needs curl, jq and the built binary:
# CONTACTPOINT, or else target/release/contactpoint (cargo build --release).
set -eu

folder=${1:-$(mktemp -d)}
url=http://127.0.0.1:${2:-8090}
contactpoint=${CONTACTPOINT:-$(dirname "$0")/../target/release/contactpoint}
data=$folder/directory
server=
ahead=0

mkdir -p "$folder"
[ ! -e "$data" ] || { printf '%s is not empty\n' "$data" >&2; exit 2; }

stop() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    [ -z "$server" ] || wait "$server" 2>/dev/null || true
    server=
}
trap stop EXIT

# Says what is expected and stops where it is not so: expect WHAT EXPECTED FOUND
expect() {
    if [ "$2" != "$3" ]; then
        printf 'not ok  %s: expected %s, found %s\n' "$1" "$2" "$3" >&2
        exit 1
    fi
    printf 'ok      %s: %s\n' "$1" "$3"
}

# The server's own moment, as seconds and as an instant; the walk may have it live some days ahead.
now() { echo $(($(date +%s) + ahead)); }
instant() { date -u -d "@$(now)" +%Y-%m-%dT%H:%M:%SZ; }
# A civil day so many days after the server's today: day N
day() { date -u -d "@$(($(now) + $1 * 86400))" +%Y-%m-%d; }

serve() {
    if [ "$ahead" = 0 ]; then
        "$contactpoint" serve --data "$data" --listen "${url#http://}" 2>>"$folder/server.log" &
    else
        CONTACTPOINT_CLOCK=$(instant) "$contactpoint" serve --data "$data" --listen "${url#http://}" \
            2>>"$folder/server.log" &
    fi
    server=$!
    for _ in $(seq 100); do
        [ "$(curl -s "$url/readyz" | jq -r .status 2>/dev/null)" = ok ] && return
        sleep 0.1
    done
    printf 'not ok  the server does not answer; see %s\n' "$folder/server.log" >&2
    exit 1
}

# Posts JSON and prints the answer; an answer that is no success stops the walk: post PATH TOKEN BODY
post() {
    curl --fail-with-body -sS "$url$1" -H 'content-type: application/json' \
        ${2:+-H "authorization: Bearer $2"} -d "$3"
}

# The code of a refusal: refused PATH TOKEN BODY
refused() {
    curl -sS "$url$1" -H 'content-type: application/json' -H "authorization: Bearer $2" -d "$3" | jq -r .code
}

get() { curl --fail-with-body -sS "$url$1" -H "authorization: Bearer $2"; }

# Signs somebody in whose seed is kept in FOLDER/NAME.seed: sign_in NAME PASSWORD
# A code is taken once. Where this one was taken already the next one is waited for.
sign_in() {
    for wait in 1 0; do
        code=$(CONTACTPOINT_CLOCK=$(instant) "$contactpoint" demo-code --seed "$folder/$1.seed")
        body=$(jq -n --arg username "$1" --arg password "$2" --arg otp "$code" \
            '{username: $username, password: $password, otp: $otp}')
        if answer=$(post /api/v1/sessions '' "$body" 2>&1); then
            printf %s "$answer" | jq -er .token
            return
        fi
        [ "$wait" = 0 ] || sleep $((31 - $(now) % 30))
    done
    printf 'not ok  %s cannot sign in: %s\n' "$1" "$answer" >&2
    exit 1
}

# Somebody made at the shell; keeps the seed and prints the password: shell_user NAME ROLE ORGANISATION
shell_user() {
    made=$("$contactpoint" --json user add "$1" --name "Invented Person" --role "$2" --organisation "$3" --data "$data")
    printf %s "$made" | jq -er .totp_secret >"$folder/$1.seed"
    printf %s "$made" | jq -er .pin >"$folder/$1.pin"
    printf %s "$made" | jq -er .password
}

# Takes somebody through every gate and enrols them: enrol MANAGER-TOKEN NAME ROLE ORGANISATION TRAINED-UNTIL
# Prints the id. The password is of their own choosing; the manager never learns it.
enrol() {
    id=$(post /api/v1/users "$1" "$(jq -n --arg name "$2" --arg role "$3" --arg at "$4" \
        '{username: $name, name: "Invented Person", organisation: $at, role: $role}')" | jq -er .user_id)
    for gate in eligible_role manager_authorisation agreement; do
        post "/api/v1/users/$id/gates" "$1" "{\"gate\":\"$gate\"}" >/dev/null
    done
    post "/api/v1/users/$id/gates" "$1" "{\"gate\":\"disclosure_check\",\"valid_until\":\"$(day 700)\"}" >/dev/null
    post "/api/v1/users/$id/gates" "$1" "{\"gate\":\"training\",\"valid_until\":\"$5\"}" >/dev/null
    code=$(post "/api/v1/users/$id/enrolment" "$1" '{}' | jq -er .code)
    post /api/v1/enrolments '' "$(jq -n --arg name "$2" --arg code "$code" \
        '{username: $name, code: $code, password: "a password of their own", pin: "4821"}')" |
        jq -er .totp_secret >"$folder/$2.seed"
    post "/api/v1/users/$id/activation" "$1" '{}' >/dev/null
    printf %s "$id"
}

# From the shell of the machine, once: a national body with two administrators and an auditor.
"$contactpoint" organisation add org:national-office --name 'Invented National Office' --kind national_body \
    --data "$data" >/dev/null
password=$(shell_user first.admin administrator org:national-office)
auditor_password=$(shell_user auditor auditor org:national-office)
serve
expect 'the server is ready' ok "$(curl -fsS "$url/readyz" | jq -r .status)"
admin=$(sign_in first.admin "$password")

# An authority and a school of it; an organisation may do nothing before it is accredited.
post /api/v1/organisations "$admin" '{"id":"gss:E09000098","name":"Invented Borough","kind":"local_authority",
    "outcodes":["ZZ1"]}' >/dev/null
post /api/v1/organisations "$admin" '{"id":"urn:900001","name":"Invented Primary","kind":"school",
    "authority":"gss:E09000098","service_types":["school"],
    "contacts":[{"kind":"telephone","use":"work","value":"020 7946 0002"}]}' >/dev/null
school=/api/v1/organisations/urn:900001
accreditation="{\"until\":\"$(day 365)\"}"
expect 'accrediting it before its conditions are met' condition_unmet \
    "$(refused "$school/accreditation" "$admin" "$accreditation")"
conditions=$(get "$school" "$admin" | jq -r '.conditions[] | select(.key).condition')
expect 'the conditions of the policy' 28 "$(get "$school" "$admin" | jq '.conditions | length')"
for condition in $conditions; do
    post "$school/conditions" "$admin" "{\"condition\":\"$condition\",\"met_on\":\"$(day -1)\",
        \"valid_until\":\"$(day 300)\",\"evidence\":\"EV 2026/17\"}" >/dev/null
done
for kind in supply sharing; do
    post "$school/agreements" "$admin" "{\"kind\":\"$kind\",\"version\":1,\"until\":\"$(day 365)\"}" >/dev/null
done
post "$school/accreditation" "$admin" "$accreditation" >/dev/null
expect 'what the school may do' 'good good' \
    "$(get "$school" "$admin" | jq -r '.may_use + " " + .may_supply')"

# A manager, and a practitioner through every gate whose training runs out in a week.
enrol "$admin" head user_manager urn:900001 "$(day 300)" >/dev/null
manager=$(sign_in head 'a password of their own')
expect 'a manager giving a right beyond practice' role_not_yours_to_give \
    "$(refused /api/v1/users "$manager" '{"username":"x.x","name":"X","organisation":"urn:900001","role":"auditor"}')"
teacher=$(enrol "$manager" n.okoro practitioner urn:900001 "$(day 7)")
expect 'what runs out, as the manager sees it' 'training within_seven_days' \
    "$(get /api/v1/expiries "$manager" | jq -r --arg id "$teacher" \
        '.expiries[] | select(.user_id == $id) | .what + " " + .warning')"

# A client of the school tells of a child.
client=$(post "$school/clients" "$admin" '{}')
token=$(curl -fsS "$url/oauth/token" -d grant_type=client_credentials \
    -u "$(printf %s "$client" | jq -r '.client_id + ":" + .client_secret')" | jq -er .access_token)
told=$(curl -fsS "$url/api/v1/events" -H "authorization: Bearer $token" \
    -H 'content-type: application/cloudevents+json' -d '{"specversion":"1.0","id":"e-1","source":"/cms",
    "type":"uk.contactpoint.child.described.v1","data":{"child":{"local_ref":"c-1","forename":"Ava",
    "surname":"Invented","date_of_birth":"2018-04-02","gender":"female",
    "address":{"lines":["12 Mill Lane"],"town":"London","postcode":"ZZ1 6AA"}}}}')
child=$(printf %s "$told" | jq -er .child_number)
expect 'what the client told' recorded "$(printf %s "$told" | jq -r .outcome)"

# A first look, by own sign-in and with a reason.
practitioner=$(sign_in n.okoro 'a password of their own')
look=/api/v1/children/$child/accesses
expect 'the first look' Ava \
    "$(post "$look" "$practitioner" '{"reason":"new_referral"}' | jq -r '.record.names[0].forename')"

# A suspension bites on the next request; only the authority's team or an administrator ends one on suspicion.
post "/api/v1/users/$teacher/suspension" "$manager" '{"ground":"misuse_suspected"}' >/dev/null
expect 'the next request after a suspension' token_invalid "$(refused "$look" "$practitioner" '{"reason":"emergency"}')"
expect 'the manager ending it' role_may_not_administer \
    "$(refused "/api/v1/users/$teacher/reinstatement" "$manager" '{}')"
post /api/v1/sessions/step_up "$admin" "{\"pin\":\"$(cat "$folder/first.admin.pin")\"}" >/dev/null
post "/api/v1/users/$teacher/reinstatement" "$admin" '{}' >/dev/null
expect 'the look after it was ended' Ava \
    "$(post "$look" "$practitioner" '{"reason":"new_referral"}' | jq -r '.record.names[0].forename')"

# Eight days later the training has run out: an emergency look goes through and is reviewed, another is refused.
stop
ahead=$((8 * 86400))
serve
practitioner=$(sign_in n.okoro 'a password of their own')
expect 'an ordinary look, the training run out' training_expired \
    "$(refused "$look" "$practitioner" '{"reason":"new_referral"}')"
access=$(post "$look" "$practitioner" '{"reason":"emergency"}' | jq -er .access_id)
expect 'an emergency look, the training run out' 32 "$(printf %s "$access" | wc -c | tr -d ' ')"
auditor=$(sign_in auditor "$auditor_password")
expect 'that look in the audit, drawn for review' 'emergency true' \
    "$(get "/api/v1/audit/accesses?child=$child" "$auditor" | jq -r --arg access "$access" \
        '.accesses[] | select(.access_id == $access) | .reason + " " + (.drawn_for | any(. == "grace") | tostring)')"
expect 'that look among those to be reviewed' 'lot grace' \
    "$(get /api/v1/reviews "$auditor" | jq -r --arg access "$access" \
        '.reviews[] | select(.review_id == $access) | .urgency + " " + .lots[0]')"
expect 'what came of its review' recorded \
    "$(post "/api/v1/reviews/$access/outcome" "$auditor" '{"outcome":"explained"}' | jq -r .outcome)"
expect 'a milder word after a graver one' graver_outcome_stands \
    "$(post "/api/v1/reviews/$access/outcome" "$auditor" '{"outcome":"advised"}' >/dev/null
    refused "/api/v1/reviews/$access/outcome" "$auditor" '{"outcome":"explained"}')"

# The child is invented and nobody works with it: from now on opening its record is an alarm.
post /api/v1/sessions/step_up "$auditor" "{\"pin\":\"$(cat "$folder/auditor.pin")\"}" >/dev/null
post "/api/v1/children/$child/canary" "$auditor" '{"marked":true}' >/dev/null
began=$(date +%s%N)
canary=$(post "$look" "$practitioner" '{"reason":"emergency"}' | jq -er .access_id)
until get /api/v1/notices "$auditor" | jq -e --arg access "$canary" \
    'any(.notices[]; .reference == $access and .urgency == "alarm" and (keys | length) == 3)' >/dev/null; do
    [ $((($(date +%s%N) - began) / 1000000000)) -lt 60 ] || break
    sleep 0.01
done
took=$((($(date +%s%N) - began) / 1000000))
expect 'the alarm of a canary within 60 s, naming nobody' yes "$([ "$took" -lt 60000 ] && echo yes || echo no)"
printf '        it was there %s ms after the record was asked for\n' "$took"
expect 'a suspension that follows from the review' recorded \
    "$(post "/api/v1/reviews/$canary/outcome" "$auditor" '{"outcome":"suspended"}' | jq -r .outcome)"
expect 'the next request after that' token_invalid "$(refused "$look" "$practitioner" '{"reason":"emergency"}')"

printf 'The walk ends here: every answer was as expected. The directory is in %s.\n' "$data"
