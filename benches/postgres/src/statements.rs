//! The statements: each the best of several that were tried (docs/performance.md), prepared once a connection.

use tokio_postgres::{Client, NoTls};

const COLUMNS: &str = "id,family,given,dob::text,postcode,addr";

const AUDIT: &str = "insert into audit(at,user_id,org_id,action,reason,child_id,detail) \
                     values(now(),$6,$7,1,$8,null,$9)";

/// The look is written in the statement that shows the record.
pub const VIEW: &str = "\
    with a as (insert into audit(at,user_id,org_id,action,reason,child_id,detail) \
               values(now(),$2,$3,2,$4,$1,null) returning 1) \
    select c.id,c.family,c.given,c.other,c.dob::text,c.sex::text,c.addr,c.postcode,c.carer,c.carer_phone, \
    (select json_agg(json_build_object('org',o.name,'orgPhone',o.phone,'kind',i.kind,'who',p.name,'phone',p.phone,\
     'email',p.email,'lead',i.lead,'from',i.started,'to',i.ended)) \
     from involvement i join org o on o.id=i.org_id left join practitioner p on p.id=i.pract_id \
     where i.child_id=c.id and i.consent<2) inv \
    from child c where c.id=$1";

/// One change, with its history.
pub const CHANGE: &str = "\
    with u as (insert into involvement(child_id,org_id,pract_id,kind,lead,consent,ver,started,ended,updated) \
     values($1,$2,$3,$4,false,0,1,$5::text::date,null,now()) \
     on conflict(child_id,kind,org_id) do update set pract_id=excluded.pract_id,ver=involvement.ver+1,updated=now() \
     returning *) \
    insert into involvement_history(at,by_user,child_id,org_id,kind,pract_id,ver,started,ended) \
    select now(),$6,child_id,org_id,kind,pract_id,ver,started,ended from u";

/// Many changes in one statement.
pub const CHANGES: &str = "\
    with u as (insert into involvement(child_id,org_id,pract_id,kind,lead,consent,ver,started,ended,updated) \
     select a,b,c,d,false,0,1,e::date,null,now() \
     from unnest($1::bigint[],$2::int[],$3::int[],$4::smallint[],$5::text[]) t(a,b,c,d,e) \
     on conflict(child_id,kind,org_id) do update set pract_id=excluded.pract_id,ver=involvement.ver+1,updated=now() \
     returning *) \
    insert into involvement_history(at,by_user,child_id,org_id,kind,pract_id,ver,started,ended) \
    select now(),$6,child_id,org_id,kind,pract_id,ver,started,ended from u";

/// The statement of a search, which writes its trace before it answers.
///
/// `block` reads every child of the area, the ages and the first letter from an index and ranks them by likeness;
/// `phonetic` reads those that sound alike; `exact` asks for the very names.
pub fn search(kind: &str) -> Option<String> {
    let rank = "order by similarity(family,$1)+similarity(given,$2) desc, id limit 20";
    let born = "dob between $3::text::date and $4::text::date";
    let body = match kind {
        "exact" => format!(
            "select {COLUMNS} from child where family=$1 and given=$2 and {born} and ($5::text is null or true) limit 20"
        ),
        "phonetic" => format!(
            "select {COLUMNS} from child where dmetaphone(family)=dmetaphone($1) and area=$5 and {born} {rank}"
        ),
        "block" => format!(
            "select {COLUMNS} from child where id in (select id from child where area=$5 \
             and left(family,1)=left($1,1) and {born} order by similarity(family,$1)+similarity(given,$2) desc \
             limit 20) {rank}"
        ),
        _ => return None,
    };
    Some(format!("with a as ({AUDIT} returning 1), r as ({body}) select r.* from r"))
}

/// Connects as the measurements do.
pub async fn connect(database: &str) -> anyhow::Result<Client> {
    let (client, connection) = tokio_postgres::connect(database, NoTls).await?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            eprintln!("a connection broke: {error}");
        }
    });
    client.batch_execute("set jit=off; set max_parallel_workers_per_gather=0").await?;
    Ok(client)
}
