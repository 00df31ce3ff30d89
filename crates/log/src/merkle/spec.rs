//! The tree against the vectors of the Certificate Transparency reference and against a tree built naively.

#![expect(clippy::cast_possible_truncation, reason = "the sizes of a test are small")]

use super::*;

/// The leaves of the reference's test vectors.
const LEAVES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

/// Roots of the trees of one to eight of these leaves.
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

struct Leaves(Vec<Hash>);

impl Nodes for Leaves {
    type Error = std::convert::Infallible;

    fn node(&self, height: u32, index: u64) -> Result<Hash, Self::Error> {
        let (from, to) = ((index << height) as usize, ((index + 1) << height) as usize);
        Ok(naive(&self.0[from..to]))
    }
}

fn naive(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        more => {
            let mut middle = 1;
            while middle * 2 < more.len() {
                middle *= 2;
            }
            node_hash(&naive(&more[..middle]), &naive(&more[middle..]))
        }
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn reference() -> Leaves {
    Leaves(LEAVES.iter().map(|leaf| leaf_hash(&bytes(leaf))).collect())
}

#[test]
fn roots_are_those_of_the_reference() {
    assert_eq!(
        empty_root().to_vec(),
        bytes("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    );
    for (size, root) in (1..).zip(ROOTS) {
        assert_eq!(range_root(&reference(), 0, size).unwrap().to_vec(), bytes(root), "{size} leaves");
    }
}

#[test]
fn proofs_are_those_of_the_reference() {
    let proof = inclusion_proof(&reference(), 5, 8).unwrap();
    let wanted = [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ];
    assert_eq!(proof.iter().map(|hash| hash.to_vec()).collect::<Vec<_>>(), wanted.map(bytes));
    let of_six = consistency_proof(&reference(), 6, 8).unwrap();
    let nodes = [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ];
    assert_eq!(of_six.iter().map(|hash| hash.to_vec()).collect::<Vec<_>>(), nodes.map(bytes));
}

fn many(count: u64) -> Leaves {
    Leaves((0..count).map(|number| leaf_hash(&number.to_be_bytes())).collect())
}

#[test]
fn every_leaf_proves_its_place_and_no_other() {
    for size in 1..=40_u64 {
        let tree = many(size);
        let root = naive(&tree.0);
        for index in 0..size {
            let leaf = tree.0[index as usize];
            let proof = inclusion_proof(&tree, index, size).unwrap();
            assert!(includes(&root, size, index, &leaf, &proof));
            assert!(!includes(&root, size, (index + 1) % size, &leaf, &proof) || size == 1);
            assert!(!includes(&leaf_hash(b"x"), size, index, &leaf, &proof));
            assert!(!includes(&root, size, index, &leaf_hash(b"x"), &proof));
            if let Some((_, shorter)) = proof.split_last() {
                assert!(!includes(&root, size, index, &leaf, shorter));
            }
        }
        assert!(!includes(&root, size, size, &tree.0[0], &[]));
    }
}

#[test]
fn every_older_tree_proves_to_be_the_beginning_of_a_newer_one() {
    let tree = many(40);
    for new in 0..=40_u64 {
        let new_root = naive(&tree.0[..new as usize]);
        for old in 0..=new {
            let old_root = naive(&tree.0[..old as usize]);
            let proof = consistency_proof(&tree, old, new).unwrap();
            assert!(continues(old, &old_root, new, &new_root, &proof), "{old} of {new}");
            assert!(!continues(old, &leaf_hash(b"x"), new, &new_root, &proof), "{old} of {new}");
            if old > 0 {
                assert!(!continues(old, &old_root, new, &leaf_hash(b"x"), &proof), "{old} of {new}");
            }
        }
    }
}
