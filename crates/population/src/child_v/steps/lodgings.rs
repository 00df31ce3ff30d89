//! July to February: the second hospital, the last borough, and the closures that nobody else saw.

use super::{
    Agency, BRANDLEMERE_HOUSING, Basis, CENTRE, CORVENHALL, CORVENHALL_HOSPITAL, COUNTED, DUNLARROW,
    DUNLARROW_HOUSING, DUNLARROW_HOUSING_SECOND, DUNLARROW_POLICE, Entry, INVENTED, PASSPORT_NAME, Place,
    Step, TRUE_NAME, Teller, arrives, documented, entry, recollected, step,
};

pub(super) fn second_address(teller: &Teller) -> Vec<Step> {
    let at =
        |days_before, agency, evidence, note, acts| step(teller, days_before, agency, evidence, note, acts);
    let new = |agency, days_before, local_ref, entry: Entry<'_>| {
        arrives(teller, agency, days_before, local_ref, Place::Lodgings, &entry)
    };
    vec![
        at(
            217,
            Agency::BrandlemereHousing,
            INVENTED,
            "The family leaves the hostel; only housing writes down where to.",
            vec![
                teller.described(
                    Agency::BrandlemereHousing,
                    217,
                    BRANDLEMERE_HOUSING,
                    PASSPORT_NAME,
                    Place::Lodgings,
                ),
                teller.ended(Agency::BrandlemereHousing, 217, "BH-2096-1"),
            ],
        ),
        at(
            216,
            Agency::DunlarrowHousing,
            COUNTED,
            "A third housing department opens a file.",
            new(
                Agency::DunlarrowHousing,
                216,
                DUNLARROW_HOUSING,
                entry("DH-640-1", "housing", "Housing Options"),
            ),
        ),
        at(
            214,
            Agency::CorvenhallHospital,
            documented(&[11], Basis::Documented),
            "A second hospital admits the child, ten days after the first, and cannot see the first.",
            new(
                Agency::CorvenhallHospital,
                214,
                CORVENHALL_HOSPITAL,
                entry("H2-40775-1", "hospital_inpatient", "Children's Ward"),
            ),
        ),
        at(
            213,
            Agency::CorvenhallCouncil,
            documented(&[12], Basis::Invented),
            "The social services of the hospital's own borough take the call.",
            new(
                Agency::CorvenhallCouncil,
                213,
                CORVENHALL,
                entry("C-9042-1", "social_care", "Hospital Team"),
            ),
        ),
        at(
            211,
            Agency::CorvenhallCouncil,
            recollected(&[12], Basis::Invented),
            "They pass it on to the borough where the family lives, and close.",
            vec![teller.ended(Agency::CorvenhallCouncil, 211, "C-9042-1")],
        ),
    ]
}

pub(super) fn last_borough(teller: &Teller) -> Vec<Step> {
    let at =
        |days_before, agency, evidence, note, acts| step(teller, days_before, agency, evidence, note, acts);
    let new = |agency, days_before, local_ref, entry: Entry<'_>| {
        arrives(teller, agency, days_before, local_ref, Place::Lodgings, &entry)
    };
    vec![
        at(
            210,
            Agency::DunlarrowCouncil,
            documented(&[13, 14, 15], Basis::Recollected),
            "The fourth social services department begins.",
            new(Agency::DunlarrowCouncil, 210, DUNLARROW, entry("D-13306-1", "social_care", "Assessment")),
        ),
        at(
            210,
            Agency::DunlarrowPolice,
            documented(&[13, 14], Basis::Recollected),
            "A second police team begins, and cannot see the first.",
            new(
                Agency::DunlarrowPolice,
                210,
                DUNLARROW_POLICE,
                entry("DP-127-1", "police_child_protection", "Child Protection"),
            ),
        ),
        at(
            202,
            Agency::DunlarrowCentre,
            documented(&[16], Basis::Documented),
            "A centre run by a voluntary body receives a referral.",
            new(Agency::DunlarrowCentre, 202, CENTRE, entry("F-57-1", "voluntary_sector", "Family Centre")),
        ),
        at(
            201,
            Agency::CorvenhallHospital,
            documented(&[17], Basis::Documented),
            "The second hospital discharges the child.",
            vec![teller.ended(Agency::CorvenhallHospital, 201, "H2-40775-1")],
        ),
        at(
            184,
            Agency::DunlarrowCentre,
            documented(&[19], Basis::Documented),
            "The centre's own record says two things of one day: closed, and accepted; here both can be seen.",
            vec![
                teller.ended(Agency::DunlarrowCentre, 184, "F-57-1"),
                teller.started(
                    Agency::DunlarrowCentre,
                    184,
                    CENTRE,
                    &entry("F-57-2", "voluntary_sector", "Family Centre"),
                ),
            ],
        ),
    ]
}

pub(super) fn winter(teller: &Teller) -> Vec<Step> {
    let at =
        |days_before, agency, evidence, note, acts| step(teller, days_before, agency, evidence, note, acts);
    vec![
        at(
            113,
            Agency::DunlarrowPolice,
            documented(&[21], Basis::Documented),
            "The second police team closes.",
            vec![teller.ended(Agency::DunlarrowPolice, 113, "DP-127-1")],
        ),
        at(
            90,
            Agency::DunlarrowCouncil,
            INVENTED,
            "The name on the passport turns out to be another's; the true one comes under a ref already known.",
            vec![teller.described(Agency::DunlarrowCouncil, 90, DUNLARROW, TRUE_NAME, Place::Lodgings)],
        ),
        at(
            75,
            Agency::DunlarrowHousing,
            INVENTED,
            "Housing opens a new file under the true name, and it joins the same record.",
            vec![
                teller.described(
                    Agency::DunlarrowHousing,
                    75,
                    DUNLARROW_HOUSING_SECOND,
                    TRUE_NAME,
                    Place::Lodgings,
                ),
                teller.started(
                    Agency::DunlarrowHousing,
                    75,
                    DUNLARROW_HOUSING_SECOND,
                    &entry("DH-702-1", "housing", "Housing Options"),
                ),
                teller.ended(Agency::DunlarrowHousing, 75, "DH-640-1"),
            ],
        ),
        at(
            40,
            Agency::DunlarrowCentre,
            documented(&[22], Basis::Invented),
            "The centre closes, having heard that the family has gone.",
            vec![teller.ended(Agency::DunlarrowCentre, 40, "F-57-2")],
        ),
        at(
            1,
            Agency::DunlarrowCouncil,
            documented(&[22], Basis::Recollected),
            "Visits go unanswered, and the last department closes its file.",
            vec![teller.ended(Agency::DunlarrowCouncil, 1, "D-13306-1")],
        ),
        Step {
            days_before: 0,
            day: teller.today,
            agency: None,
            acts: Vec::new(),
            note: "Today the child is alive, and whoever asks can see all twelve, and that no school and no \
                   practice knows her.",
            evidence: INVENTED,
        },
    ]
}
