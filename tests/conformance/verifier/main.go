// Verifies what the ledger writes with the Go project's own packages, which share no code with it.
//
// Standard input holds one JSON object: the log's key, the folder of tiles, and a list of cases. Standard output
// gets one JSON list with one text per case: "ok", or why the case does not hold.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type testCase struct {
	Kind    string      // checkpoint, inclusion, consistency or tiles
	Signed  []byte      // newest checkpoint
	Earlier []byte      // older checkpoint, for consistency
	Entry   []byte      // for inclusion
	Index   int64       // for inclusion
	Path    []tlog.Hash // for inclusion and consistency
}

type request struct {
	Vkey  string
	Tiles string
	Cases []testCase
}

// tileFolder reads C2SP tiles; Go's own paths carry the tile height as one more element.
type tileFolder struct{ root string }

func (f tileFolder) Height() int                             { return 8 }
func (f tileFolder) SaveTiles(tiles []tlog.Tile, _ [][]byte) {}
func (f tileFolder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(f.root, path))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func open(signed []byte, known note.Verifiers, name string) (tlog.Tree, error) {
	opened, err := note.Open(signed, known)
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != name {
		return tlog.Tree{}, fmt.Errorf("malformed checkpoint")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

func check(c testCase, known note.Verifiers, name, tiles string) error {
	tree, err := open(c.Signed, known, name)
	if err != nil || c.Kind == "checkpoint" {
		return err
	}
	switch c.Kind {
	case "inclusion":
		return tlog.CheckRecord(tlog.RecordProof(c.Path), tree.N, tree.Hash, c.Index, tlog.RecordHash(c.Entry))
	case "consistency":
		older, err := open(c.Earlier, known, name)
		if err != nil {
			return err
		}
		return tlog.CheckTree(tlog.TreeProof(c.Path), tree.N, tree.Hash, older.N, older.Hash)
	case "tiles":
		return checkTiles(c, tree, tiles)
	}
	return fmt.Errorf("unknown kind")
}

// checkTiles lets Go authenticate the tiles on disk against the root and build the same proof from them.
func checkTiles(c testCase, tree tlog.Tree, tiles string) error {
	proof, err := tlog.ProveRecord(tree.N, c.Index, tlog.TileHashReader(tree, tileFolder{tiles}))
	if err != nil {
		return err
	}
	if fmt.Sprint([]tlog.Hash(proof)) != fmt.Sprint(c.Path) {
		return fmt.Errorf("the proofs differ")
	}
	return nil
}

func main() {
	var input request
	if err := json.NewDecoder(os.Stdin).Decode(&input); err != nil {
		panic(err)
	}
	verifier, err := note.NewVerifier(input.Vkey)
	if err != nil {
		panic(err)
	}
	results := []string{}
	for _, c := range input.Cases {
		err := check(c, note.VerifierList(verifier), verifier.Name(), input.Tiles)
		if err != nil {
			results = append(results, err.Error())
		} else {
			results = append(results, "ok")
		}
	}
	json.NewEncoder(os.Stdout).Encode(results)
}
