// Command image writes a container image of one layer, made from files of this machine, as a
// docker-archive. The same files give the same bytes: no time, no owner and no order of the machine
// goes into it.
//
//	image OUT.tar NAME:TAG --entrypoint /x FILE[:path[:mode]]...
//
// FILE is a file, a symbolic link or a directory with all that is in it; without a path it goes to
// the root.
package main

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"sort"
	"strconv"
	"strings"
)

const usage = "usage: image OUT.tar NAME:TAG --entrypoint /x FILE[:path[:mode]]..."

func main() {
	log.SetFlags(0)
	log.SetPrefix("image: ")
	if err := run(os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

func run(arguments []string) error {
	if len(arguments) < 5 || arguments[2] != "--entrypoint" {
		return errors.New(usage)
	}
	out, name, entrypoint := arguments[0], arguments[1], arguments[3]
	entries := map[string]entry{}
	for _, argument := range arguments[4:] {
		if err := collect(argument, entries); err != nil {
			return err
		}
	}
	layer, err := layerOf(entries)
	if err != nil {
		return err
	}
	archive, err := archiveOf(name, entrypoint, layer)
	if err != nil {
		return err
	}
	return os.WriteFile(out, archive, 0o644)
}

// entry is what goes to one path of the image.
type entry struct {
	source string // "" for a directory that only leads to others
	mode   fs.FileMode
}

// collect adds what one FILE[:path[:mode]] names.
func collect(argument string, entries map[string]entry) error {
	parts := strings.Split(argument, ":")
	source, target := parts[0], "/"+filepath.Base(parts[0])
	if len(parts) > 1 {
		target = path.Clean("/" + parts[1])
	}
	if len(parts) == 3 {
		mode, err := strconv.ParseUint(parts[2], 8, 12)
		if err != nil {
			return fmt.Errorf("%s: the mode is not octal", argument)
		}
		add(entries, target, entry{source, fs.FileMode(mode)})
		return nil
	}
	return filepath.WalkDir(source, func(found string, item fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := item.Info()
		if err != nil {
			return err
		}
		add(entries, path.Join(target, strings.TrimPrefix(found, source)), entry{found, info.Mode()})
		return nil
	})
}

func add(entries map[string]entry, target string, what entry) {
	for parent := path.Dir(target); parent != "/"; parent = path.Dir(parent) {
		if _, there := entries[parent]; !there {
			entries[parent] = entry{"", fs.ModeDir | 0o755}
		}
	}
	if target != "/" {
		entries[target] = what
	}
}

func layerOf(entries map[string]entry) ([]byte, error) {
	targets := make([]string, 0, len(entries))
	for target := range entries {
		targets = append(targets, target)
	}
	sort.Strings(targets) // a directory before what is in it
	var layer bytes.Buffer
	writer := tar.NewWriter(&layer)
	for _, target := range targets {
		if err := write(writer, target, entries[target]); err != nil {
			return nil, fmt.Errorf("%s: %w", target, err)
		}
	}
	err := writer.Close()
	return layer.Bytes(), err
}

func write(writer *tar.Writer, target string, what entry) error {
	header := &tar.Header{Name: strings.TrimPrefix(target, "/"), Mode: int64(what.mode.Perm())}
	if what.mode&fs.ModeSticky != 0 {
		header.Mode |= 0o1000
	}
	var content []byte
	var err error
	switch {
	case what.mode.IsDir():
		header.Typeflag, header.Name = tar.TypeDir, header.Name+"/"
	case what.mode&fs.ModeSymlink != 0:
		header.Typeflag = tar.TypeSymlink
		header.Linkname, err = os.Readlink(what.source)
	case what.mode.IsRegular():
		header.Typeflag = tar.TypeReg
		content, err = os.ReadFile(what.source)
		header.Size = int64(len(content))
	default:
		err = fmt.Errorf("%s: neither a file nor a link nor a directory", what.source)
	}
	if err != nil {
		return err
	}
	if err := writer.WriteHeader(header); err != nil {
		return err
	}
	_, err = writer.Write(content)
	return err
}

// archiveOf is the layer with the two descriptions that "docker save" puts beside it.
func archiveOf(name, entrypoint string, layer []byte) ([]byte, error) {
	digest := hexDigest(layer)
	config, err := json.Marshal(map[string]any{
		"architecture": runtime.GOARCH,
		"os":           "linux",
		"config": map[string]any{
			"Entrypoint": []string{entrypoint},
			"Env":        []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
		},
		"rootfs": map[string]any{"type": "layers", "diff_ids": []string{"sha256:" + digest}},
	})
	if err != nil {
		return nil, err
	}
	configName, layerName := hexDigest(config)+".json", digest+"/layer.tar"
	manifest, err := json.Marshal([]map[string]any{
		{"Config": configName, "RepoTags": []string{name}, "Layers": []string{layerName}},
	})
	if err != nil {
		return nil, err
	}
	var archive bytes.Buffer
	writer := tar.NewWriter(&archive)
	for _, file := range []struct {
		name    string
		content []byte
	}{{configName, config}, {layerName, layer}, {"manifest.json", manifest}} {
		header := &tar.Header{Name: file.name, Mode: 0o644, Size: int64(len(file.content))}
		if err := writer.WriteHeader(header); err != nil {
			return nil, err
		}
		if _, err := writer.Write(file.content); err != nil {
			return nil, err
		}
	}
	err = writer.Close()
	return archive.Bytes(), err
}

func hexDigest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
