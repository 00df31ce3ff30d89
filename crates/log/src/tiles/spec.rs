//! Tiles against the format's own examples and against the plain tree.

use super::*;
use crate::{disk::MemoryDisk, merkle::*};

fn leaf(number: u64) -> Hash {
    leaf_hash(&number.to_be_bytes())
}

fn grown(tiles: &Tiles, size: u64) -> Edge {
    let mut edge = Edge::new();
    for number in 0..size {
        edge.push(leaf(number), &mut |name, hashes| tiles.write(name, hashes)).unwrap();
    }
    for (name, hashes) in edge.partial() {
        tiles.write(name, hashes).unwrap();
    }
    edge
}

#[test]
fn paths_are_those_of_the_format() {
    let name = TileName { level: 0, index: 1_234_067, width: 256 };
    assert_eq!(name.path(), "tile/0/x001/x234/067");
    assert_eq!(TileName { level: 1, index: 0, width: 17 }.path(), "tile/1/000.p/17");
}

#[test]
fn roots_and_proofs_from_tiles_are_those_of_the_plain_tree() {
    let size = 256 * 256 + 256 * 3 + 17;
    let tiles = Tiles::new(Arc::new(MemoryDisk::new()));
    let edge = grown(&tiles, size);
    assert_eq!(Edge::load(&tiles, size).unwrap(), edge);
    let tree = tiles.tree(size);
    let root = edge.root();
    assert_eq!(range_root(&tree, 0, size).unwrap(), root);
    for index in [0, 1, 255, 256, 65_535, 65_536, 66_000, size - 1] {
        let proof = inclusion_proof(&tree, index, size).unwrap();
        assert!(includes(&root, size, index, &leaf(index), &proof), "{index}");
    }
    for old in [1, 2, 255, 256, 257, 65_536, 65_537, size - 1] {
        let old_root = range_root(&tree, 0, old).unwrap();
        let mut smaller = Edge::new();
        for number in 0..old {
            smaller.push(leaf(number), &mut |_, _| Ok::<(), io::Error>(())).unwrap();
        }
        assert_eq!(smaller.root(), old_root, "{old}");
        let proof = consistency_proof(&tree, old, size).unwrap();
        assert!(continues(old, &old_root, size, &root, &proof), "{old}");
    }
}

#[test]
fn a_narrower_tile_is_read_from_a_wider_one() {
    let tiles = Tiles::new(Arc::new(MemoryDisk::new()));
    grown(&tiles, 200);
    let narrow = TileName { level: 0, index: 0, width: 3 };
    assert_eq!(tiles.read(narrow).unwrap(), [leaf(0), leaf(1), leaf(2)]);
    let wider = TileName { level: 0, index: 0, width: 201 };
    assert_eq!(tiles.read(wider).unwrap_err().kind(), io::ErrorKind::NotFound);
}
