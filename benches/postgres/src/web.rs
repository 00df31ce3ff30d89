//! What a supplier would write over PostgreSQL: a web service with a pool of connections, and who asks it.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use anyhow::Context;
use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::post,
};
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_postgres::{Client, Statement};

use crate::statements::{VIEW, connect, search};

/// Connections of the pool: more made it slower on two cores.
const POOL: usize = 16;

struct Pool {
    connections: Vec<(Client, Statement, Statement)>,
    next: AtomicUsize,
}

impl Pool {
    fn one(&self) -> &(Client, Statement, Statement) {
        &self.connections[self.next.fetch_add(1, Ordering::Relaxed) % POOL]
    }
}

/// What is looked for.
#[derive(Serialize, Deserialize)]
pub struct Asked {
    pub surname: String,
    pub forename: String,
    pub from: String,
    pub to: String,
    pub area: String,
}

#[derive(Serialize)]
struct Hit {
    id: i64,
    family: String,
    given: String,
    dob: String,
    postcode: Option<String>,
    addr: Option<String>,
}

#[derive(Serialize)]
struct Record {
    child: Hit,
    carer: Option<String>,
    involvements: serde_json::Value,
}

fn failed(error: tokio_postgres::Error) -> StatusCode {
    eprintln!("{error}");
    StatusCode::INTERNAL_SERVER_ERROR
}

/// Serves searches and views until it is ended.
pub async fn serve(database: &str, port: u16, kind: &str) -> anyhow::Result<()> {
    let sql = search(kind).context("no such search")?;
    let mut connections = Vec::new();
    for _ in 0..POOL {
        let client = connect(database).await?;
        let (found, viewed) = (client.prepare(&sql).await?, client.prepare(VIEW).await?);
        connections.push((client, found, viewed));
    }
    let pool = Arc::new(Pool { connections, next: AtomicUsize::new(0) });
    let app = Router::new()
        .route("/searches", post(found))
        .route("/children/{id}/accesses", post(viewed))
        .with_state(pool);
    Ok(axum::serve(TcpListener::bind(("127.0.0.1", port)).await?, app).await?)
}

async fn found(
    State(pool): State<Arc<Pool>>,
    Json(asked): Json<Asked>,
) -> Result<Json<Vec<Hit>>, StatusCode> {
    let (client, statement, _) = pool.one();
    let detail = format!("{}|{}|{}|{}", asked.surname, asked.forename, asked.from, asked.area);
    let rows = client
        .query(
            statement,
            &[
                &asked.surname,
                &asked.forename,
                &asked.from,
                &asked.to,
                &asked.area,
                &1_i32,
                &1_i32,
                &3_i16,
                &detail,
            ],
        )
        .await
        .map_err(failed)?;
    let hit = |row: &tokio_postgres::Row| Hit {
        id: row.get(0),
        family: row.get(1),
        given: row.get(2),
        dob: row.get(3),
        postcode: row.get(4),
        addr: row.get(5),
    };
    Ok(Json(rows.iter().map(hit).collect()))
}

async fn viewed(State(pool): State<Arc<Pool>>, Path(id): Path<i64>) -> Result<Json<Record>, StatusCode> {
    let (client, _, statement) = pool.one();
    let row = client.query_one(statement, &[&id, &1_i32, &1_i32, &3_i16]).await.map_err(failed)?;
    let child = Hit {
        id: row.get(0),
        family: row.get(1),
        given: row.get(2),
        dob: row.get(4),
        postcode: row.get(7),
        addr: row.get(6),
    };
    let involvements = row.get::<_, Option<serde_json::Value>>(10).unwrap_or_default();
    Ok(Json(Record { child, carer: row.get(8), involvements }))
}

/// One connection that asks the service.
pub struct Asker {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Asker {
    pub async fn open(port: u16) -> anyhow::Result<Asker> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Asker { stream, buffer: Vec::new() })
    }

    /// Posts JSON; answers the body where all went well.
    pub async fn post(&mut self, path: &str, body: &[u8]) -> anyhow::Result<Option<&[u8]>> {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        self.stream.write_all(&[head.as_bytes(), body].concat()).await?;
        self.buffer.clear();
        let head = loop {
            if let Some(end) = self.buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
            self.more().await?;
        };
        let text = std::str::from_utf8(&self.buffer[..head])?.to_ascii_lowercase();
        let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse().ok());
        let end = head + length.unwrap_or(0_usize);
        let is_well = text.starts_with("http/1.1 200");
        while self.buffer.len() < end {
            self.more().await?;
        }
        Ok(is_well.then(|| &self.buffer[head..end]))
    }

    async fn more(&mut self) -> anyhow::Result<()> {
        anyhow::ensure!(self.stream.read_buf(&mut self.buffer).await? > 0, "the service hung up");
        Ok(())
    }
}
