// Checks an evidence bundle and a folder of tiles with Go's own transparency log code (golang.org/x/mod/sumdb), which
// shares nothing with ours:
//
//	third_party BUNDLE.zip LOG-KEY-FILE [TILES-FOLDER OLDER-CHECKPOINT-FILE]
//
// Without modules, with Debian's golang-golang-x-mod-dev: GO111MODULE=off GOPATH=/usr/share/gocode go run FILE …
package main

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type record struct {
	Position int64  `json:"position"`
	Header   string `json:"header"`
	Payload  string `json:"payload_sha256"`
}

type claims struct {
	Children []struct {
		Records []record `json:"records"`
	} `json:"children"`
}

type proofs struct {
	Checkpoint string `json:"checkpoint"`
	Made       record `json:"made"`
	Inclusion  []struct {
		Position int64    `json:"position"`
		Hashes   []string `json:"hashes"`
	} `json:"inclusion"`
}

func must(err error) {
	if err != nil {
		fmt.Println("refused:", err)
		os.Exit(1)
	}
}

// leaf is RFC 6962's hash over the two digests that a record's leaf is made of.
func leaf(r record) tlog.Hash {
	header, err := hex.DecodeString(r.Header)
	must(err)
	payload, err := hex.DecodeString(r.Payload)
	must(err)
	digest := sha256.Sum256(header)
	return tlog.RecordHash(append(digest[:], payload...))
}

// checkpoint opens a signed note and reads origin, size and root.
func checkpoint(text string, known note.Verifiers) tlog.Tree {
	opened, err := note.Open([]byte(text), known)
	must(err)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := base64.StdEncoding.DecodeString(lines[2])
	must(err)
	tree := tlog.Tree{N: size}
	copy(tree.Hash[:], root)
	fmt.Printf("checkpoint of %s: %d records, signature by %s\n", lines[0], size, opened.Sigs[0].Name)
	return tree
}

// folder reads C2SP tiles, which are those of sumdb without the height in their path.
type folder string

func (f folder) Height() int                                { return 8 }
func (f folder) SaveTiles(tiles []tlog.Tile, data [][]byte) {}
func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(string(f), path))
		if errors.Is(err, os.ErrNotExist) {
			// A wider tile has taken the place of a narrower one.
			full, _, _ := strings.Cut(path, ".p/")
			wider, _ := filepath.Glob(filepath.Join(string(f), full+".p", "*"))
			for _, name := range append(wider, filepath.Join(string(f), full)) {
				if data, err = os.ReadFile(name); err == nil && len(data) >= tile.W*tlog.HashSize {
					break
				}
			}
		}
		if err != nil || len(data) < tile.W*tlog.HashSize {
			return nil, fmt.Errorf("no tile %s", path)
		}
		all = append(all, data[:tile.W*tlog.HashSize])
	}
	return all, nil
}

func main() {
	key, err := os.ReadFile(os.Args[2])
	must(err)
	verifier, err := note.NewVerifier(strings.TrimSpace(string(key)))
	must(err)
	known := note.VerifierList(verifier)
	archive, err := zip.OpenReader(os.Args[1])
	must(err)
	read := func(name string, into interface{}) {
		file, err := archive.Open(name)
		must(err)
		bytes, err := io.ReadAll(file)
		must(err)
		must(json.Unmarshal(bytes, into))
	}
	var claimed claims
	var proven proofs
	read("bundle.json", &claimed)
	read("proofs.json", &proven)
	tree := checkpoint(proven.Checkpoint, known)
	var records []record
	for _, child := range claimed.Children {
		records = append(records, child.Records...)
	}
	records = append(records, proven.Made)
	for at, one := range records {
		var path tlog.RecordProof
		for _, text := range proven.Inclusion[at].Hashes {
			var hash tlog.Hash
			bytes, err := hex.DecodeString(text)
			must(err)
			copy(hash[:], bytes)
			path = append(path, hash)
		}
		must(tlog.CheckRecord(path, tree.N, tree.Hash, one.Position-1, leaf(one)))
		wrong := leaf(one)
		wrong[0] ^= 1
		if tlog.CheckRecord(path, tree.N, tree.Hash, one.Position-1, wrong) == nil {
			must(errors.New("another leaf was believed"))
		}
	}
	fmt.Printf("%d records are in it, by tlog.CheckRecord; with one bit altered none is\n", len(records))
	if len(os.Args) < 5 {
		return
	}
	text, err := os.ReadFile(os.Args[4])
	must(err)
	older := checkpoint(string(text), known)
	reader := tlog.TileHashReader(tree, folder(os.Args[3]))
	path, err := tlog.ProveTree(tree.N, older.N, reader)
	must(err)
	must(tlog.CheckTree(path, tree.N, tree.Hash, older.N, older.Hash))
	for _, one := range records {
		path, err := tlog.ProveRecord(tree.N, one.Position-1, reader)
		must(err)
		must(tlog.CheckRecord(path, tree.N, tree.Hash, one.Position-1, leaf(one)))
	}
	fmt.Printf("the tiles, read by tlog.TileHashReader, prove that %d records continue %d, and each record anew\n", tree.N, older.N)
}
