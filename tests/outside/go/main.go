// Command judge opens checkpoints and checks proofs with Go's own transparency log packages.
//
// It reads one JSON document from standard input, says for each case whether it held as wanted, and exits 1 at the
// first that did not. It shares nothing with the project but the published formats.
package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type noteCase struct {
	Name     string   `json:"name"`
	Keys     []string `json:"keys"`
	Note     string   `json:"note"`
	Verified int      `json:"verified"` // how many signatures must verify; 0: the note must not open
}

type inclusionCase struct {
	Size  int64    `json:"size"`
	Index int64    `json:"index"`
	Root  string   `json:"root"`
	Leaf  string   `json:"leaf"`
	Proof []string `json:"proof"`
	Holds bool     `json:"holds"`
}

type consistencyCase struct {
	OldSize int64    `json:"old_size"`
	OldRoot string   `json:"old_root"`
	Size    int64    `json:"size"`
	Root    string   `json:"root"`
	Proof   []string `json:"proof"`
	Holds   bool     `json:"holds"`
}

type treeCase struct {
	Leaves []string `json:"leaves"`
	Root   string   `json:"root"`
}

type proofText struct {
	Text string `json:"text"`
	Leaf string `json:"leaf"`
	Key  string `json:"key"`
}

type document struct {
	Notes       []noteCase        `json:"notes"`
	Inclusion   []inclusionCase   `json:"inclusion"`
	Consistency []consistencyCase `json:"consistency"`
	Trees       []treeCase        `json:"trees"`
	Texts       []proofText       `json:"texts"`
}

func stop(format string, values ...any) {
	fmt.Printf(format+"\n", values...)
	os.Exit(1)
}

func bytesOf(text string) []byte {
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		stop("not base64: %v", err)
	}
	return data
}

func hashOf(text string) tlog.Hash {
	var hash tlog.Hash
	if data := bytesOf(text); copy(hash[:], data) != tlog.HashSize || len(data) != tlog.HashSize {
		stop("not a hash: %q", text)
	}
	return hash
}

func hashesOf(texts []string) []tlog.Hash {
	hashes := make([]tlog.Hash, len(texts))
	for i, text := range texts {
		hashes[i] = hashOf(text)
	}
	return hashes
}

func open(text string, keys []string) (*note.Note, error) {
	var verifiers []note.Verifier
	for _, key := range keys {
		verifier, err := note.NewVerifier(key)
		if err != nil {
			stop("verifier key %q: %v", key, err)
		}
		verifiers = append(verifiers, verifier)
	}
	return note.Open([]byte(text), note.VerifierList(verifiers...))
}

// grown is a tree that keeps its hashes as tlog stores them.
type grown []tlog.Hash

func (hashes grown) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		found[i] = hashes[index]
	}
	return found, nil
}

func rootOf(leaves []string) tlog.Hash {
	var stored grown
	for i, leaf := range leaves {
		more, err := tlog.StoredHashes(int64(i), bytesOf(leaf), stored)
		if err != nil {
			stop("stored hashes: %v", err)
		}
		stored = append(stored, more...)
	}
	root, err := tlog.TreeHash(int64(len(leaves)), stored)
	if err != nil {
		stop("tree hash: %v", err)
	}
	return root
}

func judgeText(i int, each proofText) {
	head, checkpoint, _ := strings.Cut(each.Text, "\n\n")
	lines := strings.Split(head, "\n")
	var index int64
	if _, err := fmt.Sscanf(lines[1], "index %d", &index); err != nil || lines[0] != "c2sp.org/tlog-proof@v1" {
		stop("proof text %d: not a tlog-proof", i)
	}
	opened, err := open(checkpoint, []string{each.Key})
	if err != nil {
		stop("proof text %d: %v", i, err)
	}
	body := strings.Split(opened.Text, "\n")
	var size int64
	if _, err := fmt.Sscan(body[1], &size); err != nil {
		stop("proof text %d: size: %v", i, err)
	}
	leaf := tlog.RecordHash(bytesOf(each.Leaf))
	if err := tlog.CheckRecord(hashesOf(lines[2:]), size, hashOf(body[2]), index, leaf); err != nil {
		stop("proof text %d: %v", i, err)
	}
}

func main() {
	var all document
	if err := json.NewDecoder(os.Stdin).Decode(&all); err != nil {
		stop("input: %v", err)
	}
	for _, each := range all.Notes {
		opened, err := open(each.Note, each.Keys)
		verified := 0
		if err == nil {
			verified = len(opened.Sigs)
		}
		if verified != each.Verified {
			stop("note %q: %d signatures verified, wanted %d (%v)", each.Name, verified, each.Verified, err)
		}
	}
	for i, each := range all.Inclusion {
		leaf := tlog.RecordHash(bytesOf(each.Leaf))
		err := tlog.CheckRecord(hashesOf(each.Proof), each.Size, hashOf(each.Root), each.Index, leaf)
		if (err == nil) != each.Holds {
			stop("inclusion %d (leaf %d of %d): %v, wanted %v", i, each.Index, each.Size, err, each.Holds)
		}
	}
	for i, each := range all.Consistency {
		err := tlog.CheckTree(hashesOf(each.Proof), each.Size, hashOf(each.Root), each.OldSize, hashOf(each.OldRoot))
		if (err == nil) != each.Holds {
			stop("consistency %d (%d in %d): %v, wanted %v", i, each.OldSize, each.Size, err, each.Holds)
		}
	}
	for i, each := range all.Trees {
		if rootOf(each.Leaves) != hashOf(each.Root) {
			stop("tree %d of %d leaves: another root", i, len(each.Leaves))
		}
	}
	for i, each := range all.Texts {
		judgeText(i, each)
	}
	fmt.Printf("agreed: %d notes, %d inclusion, %d consistency, %d trees, %d proof texts\n",
		len(all.Notes), len(all.Inclusion), len(all.Consistency), len(all.Trees), len(all.Texts))
}
