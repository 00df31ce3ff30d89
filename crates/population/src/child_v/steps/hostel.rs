//! April to July: two boroughs, a hostel across their boundary, the first hospital.

use super::{
    ARKENMOOR, ARKENMOOR_HOUSING, Act, Agency, BRANDLEMERE, BRANDLEMERE_HOSPITAL, BRANDLEMERE_HOUSING,
    BRANDLEMERE_POLICE, BRANDLEMERE_SECOND, Basis, COUNTED, Entry, Evidence, INVENTED, MISHEARD_NAME, Place,
    Step, Teller, arrives, documented, entry, recollected, step,
};

pub(super) fn first_weeks(teller: &Teller) -> Vec<Step> {
    let at =
        |days_before, agency, evidence, note, acts| step(teller, days_before, agency, evidence, note, acts);
    let new = |agency, days_before, local_ref, entry: Entry<'_>| {
        arrives(teller, agency, days_before, local_ref, Place::Hostel, &entry)
    };
    vec![
        at(
            303,
            Agency::ArkenmoorCouncil,
            documented(&[4], Basis::Documented),
            "A family asks for help with housing, and the child is known here by the name on a passport.",
            new(Agency::ArkenmoorCouncil, 303, ARKENMOOR, entry("A-20417-1", "social_care", "Families")),
        ),
        at(
            302,
            Agency::ArkenmoorHousing,
            COUNTED,
            "The housing department opens its own file.",
            new(
                Agency::ArkenmoorHousing,
                302,
                ARKENMOOR_HOUSING,
                entry("AH-771-1", "housing", "Homelessness"),
            ),
        ),
        at(
            296,
            Agency::BrandlemereHousing,
            Evidence { rows: &[5], contact: Basis::Counted, day: Basis::Invented },
            "The hostel lies across the boundary, in a borough that is not told why the family came.",
            new(
                Agency::BrandlemereHousing,
                296,
                BRANDLEMERE_HOUSING,
                entry("BH-2096-1", "housing", "Temporary Accommodation"),
            ),
        ),
        at(
            250,
            Agency::BrandlemereCouncil,
            documented(&[6], Basis::Recollected),
            "Somebody who knows the child calls; the two boroughs do not know of one another.",
            new(Agency::BrandlemereCouncil, 250, BRANDLEMERE, entry("B-5518-1", "social_care", "Duty")),
        ),
        at(
            247,
            Agency::BrandlemereCouncil,
            documented(&[6], Basis::Invented),
            "A second call is taken by another desk, which mishears the name and opens a second file.",
            vec![
                teller.described(
                    Agency::BrandlemereCouncil,
                    247,
                    BRANDLEMERE_SECOND,
                    MISHEARD_NAME,
                    Place::Hostel,
                ),
                teller.started(
                    Agency::BrandlemereCouncil,
                    247,
                    BRANDLEMERE_SECOND,
                    &entry("B-5534-1", "social_care", "Enquiries"),
                ),
            ],
        ),
        Step {
            days_before: 246,
            day: teller.day(246),
            agency: None,
            acts: vec![Act::SameChild {
                authority: Agency::BrandlemereCouncil.id(),
                event_id: format!("{BRANDLEMERE_SECOND}-described-247"),
                organisation: Agency::BrandlemereCouncil.id(),
            }],
            note: "A data manager sees the same day of birth and a like-sounding name, and says: one child.",
            evidence: INVENTED,
        },
    ]
}

pub(super) fn summer(teller: &Teller) -> Vec<Step> {
    let at =
        |days_before, agency, evidence, note, acts| step(teller, days_before, agency, evidence, note, acts);
    let new = |agency, days_before, local_ref, entry: Entry<'_>| {
        arrives(teller, agency, days_before, local_ref, Place::Hostel, &entry)
    };
    let mut admitted = new(
        Agency::BrandlemereHospital,
        224,
        BRANDLEMERE_HOSPITAL,
        Entry { over_at_once: true, ..entry("H1-88213-1", "hospital_emergency", "Emergency Department") },
    );
    admitted.push(teller.started(
        Agency::BrandlemereHospital,
        224,
        BRANDLEMERE_HOSPITAL,
        &entry("H1-88213-2", "hospital_inpatient", "Children's Ward"),
    ));
    vec![
        at(
            231,
            Agency::ArkenmoorHousing,
            INVENTED,
            "Housing closes its file.",
            vec![teller.ended(Agency::ArkenmoorHousing, 231, "AH-771-1")],
        ),
        at(
            224,
            Agency::BrandlemereCouncil,
            documented(&[7], Basis::Documented),
            "A visit finds nobody in; both files are closed, and nobody else sees it.",
            vec![
                teller.ended(Agency::BrandlemereCouncil, 224, "B-5518-1"),
                teller.ended(Agency::BrandlemereCouncil, 224, "B-5534-1"),
            ],
        ),
        at(
            224,
            Agency::BrandlemereHospital,
            documented(&[8], Basis::Documented),
            "On the same day a hospital admits the child, and cannot see who else has met her.",
            admitted,
        ),
        at(
            224,
            Agency::BrandlemerePolice,
            recollected(&[8], Basis::Recollected),
            "A police team is called.",
            new(
                Agency::BrandlemerePolice,
                224,
                BRANDLEMERE_POLICE,
                entry("BP-318-1", "police_child_protection", "Child Protection"),
            ),
        ),
        at(
            223,
            Agency::BrandlemereHospital,
            documented(&[9], Basis::Documented),
            "The hospital discharges the child.",
            vec![teller.ended(Agency::BrandlemereHospital, 223, "H1-88213-2")],
        ),
        at(
            223,
            Agency::ArkenmoorCouncil,
            documented(&[10], Basis::Documented),
            "The first department closes its file, and nobody else sees it.",
            vec![teller.ended(Agency::ArkenmoorCouncil, 223, "A-20417-1")],
        ),
        at(
            222,
            Agency::BrandlemerePolice,
            INVENTED,
            "The police team closes its file.",
            vec![teller.ended(Agency::BrandlemerePolice, 222, "BP-318-1")],
        ),
    ]
}
