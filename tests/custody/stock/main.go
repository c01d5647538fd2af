// Two small programs in one, told apart by the name they are called by, built on the Go project's own packages:
//
//	note-verify KEY-FILE NOTE-FILE
//	tlog-proof-verify KEY-FILE PROOF-FILE ENTRY-IN-HEX
//
// They stand for "any note verifier" in the guide of a court bundle. Exit code 1 when something does not hold.
package main

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func read(path string) string {
	data, err := os.ReadFile(path)
	fail(err)
	return string(data)
}

func verifyNote(text, key string) *note.Note {
	verifier, err := note.NewVerifier(strings.TrimSpace(key))
	fail(err)
	opened, err := note.Open([]byte(text), note.VerifierList(verifier))
	fail(err)
	return opened
}

func verifyProof(text, key, entry string) {
	parts := strings.SplitN(text, "\n\n", 2)
	lines := strings.Split(parts[0], "\n")
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	fail(err)
	var path tlog.RecordProof
	for _, line := range lines[2:] {
		hash, err := tlog.ParseHash(line)
		fail(err)
		path = append(path, hash)
	}
	head := strings.Split(verifyNote(parts[1], key).Text, "\n")
	size, err := strconv.ParseInt(head[1], 10, 64)
	fail(err)
	root, err := tlog.ParseHash(head[2])
	fail(err)
	data, err := hex.DecodeString(entry)
	fail(err)
	fail(tlog.CheckRecord(path, size, root, index, tlog.RecordHash(data)))
}

func main() {
	if filepath.Base(os.Args[0]) == "note-verify" {
		verifyNote(read(os.Args[2]), read(os.Args[1]))
	} else {
		verifyProof(read(os.Args[2]), read(os.Args[1]), os.Args[3])
	}
}
